import { type Confirmations, NO_CONFIRMATIONS } from '../../harness/oracle/second-look.ts'

/** What a check found, looked at once, or twice where the first look found something wrong. */
export interface Looked<R> {
  /** The first look's. */
  result: R
  /** What is wrong, and was found twice; null when nothing is. */
  failure: string | null
  /** How the second look differed, in a sentence; null when it did not, or was not needed. */
  disagreement: string | null
  confirmations: Confirmations
}

const disagreementOver = (failure: string): string =>
  `it failed, and did not when it was made again: ${failure}`

/**
 * What two looks must have been for a step to say what it does, given what the first one found wrong: one that
 * fails was confirmed, and one that is inconclusive was not.
 */
export function lookedAs(
  failure: string | null,
  { verdict, confirmations }: { verdict: string; confirmations: Confirmations },
): Pick<Looked<unknown>, 'disagreement' | 'confirmations'> {
  if (failure === null) return { disagreement: null, confirmations: NO_CONFIRMATIONS }
  const agreed = verdict === 'fail'
  return {
    disagreement: agreed ? null : disagreementOver(failure),
    confirmations: { ...confirmations, taken: 1, agreed: agreed ? 1 : 0 },
  }
}

/**
 * Makes a check from nothing, and a second time when `problemOf` says what it found wrong: no failure is told
 * from one look. Throws as `check` does.
 */
export async function lookTwice<R>(
  check: (look: 'first' | 'second') => Promise<R>,
  problemOf: (result: R) => string | null,
): Promise<Looked<R>> {
  const result = await check('first')
  const failure = problemOf(result)
  if (failure === null) {
    return { result, failure, disagreement: null, confirmations: NO_CONFIRMATIONS }
  }
  const startedMs = performance.now()
  const agreed = problemOf(await check('second')) !== null
  const durationMs = Math.round(performance.now() - startedMs)
  return {
    result,
    failure: agreed ? failure : null,
    disagreement: agreed ? null : disagreementOver(failure),
    confirmations: { taken: 1, agreed: agreed ? 1 : 0, durationMs },
  }
}
