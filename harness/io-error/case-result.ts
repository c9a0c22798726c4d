import type { Failure } from '../oracle/failure.ts'
import type { Confirmation } from '../oracle/second-look.ts'
import type { SentChange } from '../subject/change.ts'
import type { Struck } from './play-on.ts'

/** What became of one case. */
export interface ErrorCaseResult {
  /** Whether the error was the answer to an operation of the subject's. */
  delivered: boolean
  /** What the subject was asked when it struck; null where it did not. */
  struck: Struck | null
  /** The operation that met it, in words; null where none did, or that is not seen. */
  met: string | null
  sent: number
  acked: number
  /** How many changes what came back is the state after; null where that is not one number. */
  recovered: number | null
  verdict: 'pass' | 'fail' | 'inconclusive'
  failures: Failure[]
  /** Why there is no verdict; null where there is one. */
  reason: string | null
  confirmation: Confirmation
}

/** A case of which nothing is known yet. */
export const UNTRIED: ErrorCaseResult = {
  delivered: false,
  struck: null,
  met: null,
  sent: 0,
  acked: 0,
  recovered: null,
  verdict: 'inconclusive',
  failures: [],
  reason: null,
  confirmation: null,
}

/** How many changes of a history were acknowledged. */
export function ackedOf(history: readonly SentChange[]): number {
  return history.filter(({ outcome }) => outcome === 'acked').length
}

/** Why there is no verdict where nothing came to what was ordered to fail, or there was enough of everything. */
export const MET_NOTHING = 'the error met nothing'
