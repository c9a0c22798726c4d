import type { CountedOperation } from '../../observed/counted-operation.ts'
import type { FaultOrder } from '../../passthrough/faults/index.ts'
import type { PromisedFault } from '../../subject/promise.ts'

/** Which operation is to meet an error: the one of that number, or the next of its kind where another one is there. */
export type ErrorPlace = Pick<CountedOperation, 'number' | 'kind'>

/** An error that a disk gives: to which operations, and how it is ordered there. */
export interface IoErrorRow {
  /** What it does, in words that go on from an operation: `is answered EIO`. */
  inWords: string
  /** Which promise it puts to the test. */
  promised: Extract<PromisedFault, 'io-error' | 'full-disk'>
  /** Whether it goes on until it is lifted. */
  lasts: boolean
  /** Whether what was not synced is gone, as at a power cut. */
  losesUnsynced: boolean
  /** Whether an operation can meet it. */
  canStrike(operation: CountedOperation): boolean
  /** The order that strikes it there. */
  orderAt(place: ErrorPlace): FaultOrder
}
