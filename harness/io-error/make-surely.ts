import type { ErrorCaseResult } from './case-result.ts'
import { MET_NOTHING } from './case-result.ts'

/** How often a case is tried whose error met nothing, since a program and its disk do not do the same each time. */
const TRIES = 3

/** Whether the processes of cases are kept from one to the next; not where that was seen to change a verdict. */
export interface Keeping {
  isKept: boolean
}

/** Makes a case once: by processes that may have made others, or from nothing by new ones, which look twice. */
export type MakeOnce = (isNew: boolean) => Promise<ErrorCaseResult>

const isWrong = ({ verdict }: ErrorCaseResult): boolean => verdict !== 'pass'

function inWords({ verdict, failures: [failure], reason }: ErrorCaseResult): string {
  return failure === undefined ? (reason ?? verdict) : `${failure.name}: ${failure.detail}`
}

/** What two makings of a case come to, told as the first tells it: where they differ there is no verdict. */
function held(
  first: ErrorCaseResult,
  second: ErrorCaseResult,
  durationMs: number,
): ErrorCaseResult {
  const failures = first.failures.filter(({ name }) =>
    second.failures.some((other) => other.name === name),
  )
  const isAlike = first.verdict === second.verdict
  if (isAlike && (first.verdict !== 'fail' || failures.length > 0)) {
    const confirmation = first.verdict === 'fail' ? { agreed: true, durationMs } : null
    return { ...first, failures, confirmation: first.confirmation ?? confirmation }
  }
  const reason = `it came out differently when it was made again: ${inWords(first)}; and then ${inWords(second)}`
  return { ...first, verdict: 'inconclusive', failures: [], reason }
}

/**
 * Makes a case: again where its error met nothing, and where it does not pass again from nothing, by new processes. What
 * only kept processes show is of our making, and none is kept any more. Throws as `once` does.
 */
export async function makeSurely(once: MakeOnce, keeping: Keeping): Promise<ErrorCaseResult> {
  const wasKept = keeping.isKept
  let result = await once(!wasKept)
  for (let tries = 1; tries < TRIES && result.reason === MET_NOTHING; tries++) {
    result = await once(true)
  }
  if (!isWrong(result) || result.reason === MET_NOTHING) return result
  const startedMs = performance.now()
  const again = await once(true)
  const durationMs = Math.round(performance.now() - startedMs)
  if (isWrong(again) || !wasKept) return held(again, result, durationMs)
  const third = await once(true)
  if (!isWrong(third)) keeping.isKept = false
  return held(again, third, durationMs)
}
