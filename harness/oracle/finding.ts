import type { Failure } from './failure.ts'

/** What the oracle found out about contents that came back. */
export interface Finding {
  /**
   * The largest number of changes, in the order in which they were sent, whose state this is; null where it
   * is the state after no number of them, or where the promise does not ask.
   */
  changes: number | null
  failures: Failure[]
}
