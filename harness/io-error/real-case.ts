import { CannotJudge } from '../oracle/cannot-judge.ts'
import { isSystemError } from '../process/error-report.ts'
import { ackedOf, type ErrorCaseResult, UNTRIED } from './case-result.ts'
import type { PlayedOn, Struck } from './play-on.ts'

/** Why there is no verdict where no request came to what was ordered to fail, or there was enough of everything. */
export const MET_NOTHING = 'the error met nothing'

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
