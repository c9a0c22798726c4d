import type { Verdict } from '../evidence/types.ts'
import { FROM_THE_WORST } from '../evidence/verdict.ts'

/** The first of those with the worst verdict. */
export function worstOf<T extends { verdict: Verdict }>(all: readonly T[]): T {
  for (const verdict of FROM_THE_WORST) {
    const found = all.find((each) => each.verdict === verdict)
    if (found !== undefined) return found
  }
  throw new Error('there is none to choose from')
}
