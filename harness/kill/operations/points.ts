import type { CountedOperation } from '../../observed/counted-operation.ts'
import type { PlannedPoint } from '../../plan/plan.ts'
import { shareOf } from '../../plan/share.ts'

/** Where a kill strikes a subject whose operations are seen. */
export interface OperationPoint {
  moment: 'before' | 'within' | 'after'
  /** Of the operations that it called, counted from 1. */
  number: number
  /** What the subject was asked meanwhile, and what it does there, in words. */
  during: string
  operation: string
  /** Of a `within`: after how many bytes of the write. */
  writtenBytes?: number
}

/** A point's name in its history, which counts no other point: `21b` is before operation 21, `21w4096` within it, `21a` after it. */
export function pointName({ number, moment, writtenBytes }: OperationPoint): string {
  return `${number}${moment === 'within' ? `w${writtenBytes}` : moment === 'before' ? 'b' : 'a'}`
}

/** A point in words: `put 3: before write data.mdb (operation 21)`. */
export function operationPointInWords(point: OperationPoint): string {
  const { during, moment, operation, number, writtenBytes } = point
  const bytes = writtenBytes === undefined ? '' : `, after ${writtenBytes} bytes`
  return `${during}: ${moment} ${operation} (operation ${number}${bytes})`
}

function at(
  { number, during, name: operation }: CountedOperation,
  moment: OperationPoint['moment'],
  within: Pick<OperationPoint, 'writtenBytes'> = {},
): OperationPoint {
  return { moment, number, during, operation, ...within }
}

/**
 * Every point there is at these operations. First those that differ in what is on the disk: before each operation,
 * and within each write; then those after each, where the disk holds what it holds before the next one.
 */
export function pointsAt(operations: readonly CountedOperation[]): OperationPoint[] {
  return [
    ...operations.map((operation) => at(operation, 'before')),
    ...operations.flatMap((operation) =>
      operation.stopsBytes.map((writtenBytes) => at(operation, 'within', { writtenBytes })),
    ),
    ...operations.map((operation) => at(operation, 'after')),
  ]
}

/**
 * The point that a plan's shares mean among the operations that were counted. A `within` where no write has an inside
 * becomes a `before`. Undefined when there is no operation at all.
 */
export function pointOf(
  { moment, operationShare, bytesShare }: PlannedPoint,
  operations: readonly CountedOperation[],
): OperationPoint | undefined {
  const writes = operations.filter(({ stopsBytes }) => stopsBytes.length > 0)
  if (moment === 'within' && writes.length > 0) {
    const write = writes[shareOf(writes.length, operationShare)] as CountedOperation
    const { stopsBytes } = write
    return at(write, 'within', {
      writtenBytes: stopsBytes[shareOf(stopsBytes.length, bytesShare)] as number,
    })
  }
  const operation = operations[shareOf(operations.length, operationShare)]
  return operation && at(operation, moment === 'within' ? 'before' : moment)
}
