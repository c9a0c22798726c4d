import type { Verdict } from '../evidence/types.ts'

const FROM_THE_WORST: Verdict[] = ['fail', 'inconclusive', 'skipped', 'pass']

/** The first of those with the worst verdict. */
export function worstOf<T extends { verdict: Verdict }>(all: readonly T[]): T {
  for (const verdict of FROM_THE_WORST) {
    const found = all.find((each) => each.verdict === verdict)
    if (found !== undefined) return found
  }
  throw new Error('there is none to choose from')
}
