import type { Failure } from '../oracle/failure.ts'
import type { Confirmation } from '../oracle/second-look.ts'

/** What became of a kill of any subject, wherever it struck. */
export interface AnyKill {
  /** Whether the process ended by the SIGKILL that was meant for it. */
  delivered: boolean
  sent: number
  acked: number
  /** How many changes what came back is the state after; null where that is not one number. */
  recovered: number | null
  verdict: 'pass' | 'fail' | 'inconclusive'
  failures: Failure[]
  reason: string | null
  /** Whether a second look found the failures too; null where there was none to confirm. */
  confirmation: Confirmation
}
