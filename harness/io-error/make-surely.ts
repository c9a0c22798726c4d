import type { ErrorCaseResult } from './error-case.ts'

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

/**
 * Makes a case: again where its error met nothing, and where it does not pass again from nothing, by new processes.
 * What only kept processes show is of our making, and none is kept any more. Throws as `once` does.
 */
export async function makeSurely(once: MakeOnce, keeping: Keeping): Promise<ErrorCaseResult> {
  let first = await once(!keeping.isKept)
  for (let tries = 1; tries < TRIES && !first.delivered; tries++) first = await once(true)
  if (!isWrong(first)) return first
  const [second, third] = [await once(true), await once(true)]
  if (!isWrong(second) && !isWrong(third)) keeping.isKept = false
  if (second.verdict === third.verdict) return second
  const reason = `it came out differently when it was made again: ${inWords(second)}; and then ${inWords(third)}`
  return { ...second, verdict: 'inconclusive', failures: [], reason }
}
