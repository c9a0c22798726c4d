import type { Failure } from './failure.ts'
import type { Confirmation } from './second-look.ts'

/** What became of one case of any subject, whatever its fault. */
export interface JudgedCase {
  /** Whether the fault was delivered: the process ended by the SIGKILL that was meant for it, or met its error. */
  delivered: boolean
  sent: number
  acked: number
  /** How many changes what came back is the state after; null where that is not one number. */
  recovered: number | null
  verdict: 'pass' | 'fail' | 'inconclusive'
  failures: Failure[]
  /** Why there is no verdict; null where there is one. */
  reason: string | null
  /** Whether a second look found the failures too; null where there was none to confirm. */
  confirmation: Confirmation
}

/** A case of which nothing is known yet. */
export const UNJUDGED: JudgedCase = {
  delivered: false,
  sent: 0,
  acked: 0,
  recovered: null,
  verdict: 'inconclusive',
  failures: [],
  reason: null,
  confirmation: null,
}
