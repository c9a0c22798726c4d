import { CannotJudge } from '../oracle/cannot-judge.ts'
import { isSystemError } from '../process/error-report.ts'
import type { SentChange } from '../subject/change.ts'
import type { ErrorCaseResult } from './error-case.ts'
import type { PlayedOn, Struck } from './play-on.ts'

/** A case of which nothing is known yet. */
export const UNTRIED: ErrorCaseResult = {
  delivered: false,
  struck: null,
  sent: 0,
  acked: 0,
  recovered: null,
  verdict: 'inconclusive',
  failures: [],
  reason: null,
  confirmation: null,
}

/** Why there is no verdict where no request came to what was ordered to fail, or there was enough of everything. */
export const MET_NOTHING = 'the error met nothing'

/** How many changes of a history were acknowledged. */
export function ackedOf(history: readonly SentChange[]): number {
  return history.filter(({ outcome }) => outcome === 'acked').length
}

/** What is known of a case once its history has been played. */
export function playedCase({ history, struck }: Pick<PlayedOn, 'history' | 'struck'>) {
  return { ...UNTRIED, struck, sent: history.length, acked: ackedOf(history) }
}

/** Where an error struck for the judge; one that struck behind the last closing has everything before it. */
export function placeOf({ history, struck }: Pick<PlayedOn, 'history' | 'struck'>): {
  change: number | null
  sent: number
} {
  const { change, sent }: Pick<Struck, 'change' | 'sent'> = struck ?? {
    change: null,
    sent: history.length,
  }
  return { change, sent }
}

/**
 * Makes a case; whatever the system answers to the harness's own look leaves it not judged. Throws what else `make`
 * throws, such as a `MachineError`.
 */
export async function orNotJudged(make: () => Promise<ErrorCaseResult>): Promise<ErrorCaseResult> {
  try {
    return await make()
  } catch (error) {
    if (!(error instanceof CannotJudge) && !isSystemError(error)) throw error
    return { ...UNTRIED, reason: (error as Error).message }
  }
}
