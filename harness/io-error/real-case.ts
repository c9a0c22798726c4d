import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { StruckHistory } from '../oracle/judge-after-error.ts'
import { isSystemError } from '../process/error-report.ts'
import { ackedOf, type ErrorCaseResult, UNTRIED } from './case-result.ts'
import type { PlayedOn } from './play-on.ts'

/** What the judge has to know of a history that met an error. */
export type LeftBehind = Pick<PlayedOn, 'history' | 'openings' | 'struck'>

/** What is known of a case once its history has been played. */
export function playedCase({ history, struck }: Pick<PlayedOn, 'history' | 'struck'>) {
  return { ...UNTRIED, struck, history, sent: history.length, acked: ackedOf(history) }
}

/** Where an error struck for the judge; one that struck behind the last closing has everything before it. */
export function placeOf({ history, openings, struck }: LeftBehind): StruckHistory {
  const { change, sent } = struck ?? { change: null, sent: history.length }
  return { change, sent, openings }
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
