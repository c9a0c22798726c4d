import type { Failure } from '../../harness/oracle/failure.ts'
import { PROMISES, type SubjectPromise } from '../../harness/oracle/promises/index.ts'

/** What is on record of one recovery of any subject. */
interface Recovery {
  /** How many changes had been sent, and how many of them were acknowledged. */
  sent: number
  acked: number
  /** After how many of them what came back is the state; null where that is not one number. */
  recovered: number | null
  failures: readonly Failure[]
}

/**
 * What the numbers of a recovery contradict: at most what was sent comes back, and where all is well and
 * the promise allows no earlier state, at least what was acknowledged. As the rest of a sentence; null when nothing.
 */
export function recoveredProblem(
  { sent, acked, recovered, failures }: Recovery,
  promise: SubjectPromise,
  verdict: string,
): string | null {
  if (recovered !== null && recovered > sent) {
    return `says that the state after ${recovered} changes came back, and ${sent} were sent`
  }
  if (verdict !== 'pass') return null
  if (failures.length > 0) return 'passes with failures'
  const { isNumbered, allowsEarlier } = PROMISES[promise]
  if (!isNumbered) return null
  if (recovered === null) return 'passes, and what came back is no state that it tells'
  return !allowsEarlier && recovered < acked
    ? `passes, and ${recovered} of ${acked} acknowledged changes came back`
    : null
}
