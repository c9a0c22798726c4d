import { colours } from './colours.ts'
import type { Verdict } from './evidence/types.ts'
import { coloured } from './verdict-colours.ts'

/** So many are named; the others are counted. */
const MAX_NAMED = 6

/** Some names as a list, of which the first few are named. */
export function namedInWords(names: readonly string[]): string {
  const named = names.length <= MAX_NAMED + 1 ? names : names.slice(0, MAX_NAMED)
  const more = names.length - named.length
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

/** What a run came to: its verdict, or a word for what stood in its way, and sentences that have no point. */
export function verdictLine(
  verdict: Verdict | 'missing' | 'broken',
  facts: readonly string[],
): string {
  const word =
    verdict === 'missing' || verdict === 'broken' ? colours.yellow(verdict) : coloured(verdict)
  return `${word}: ${facts.filter((fact) => fact !== '').join('; ')}`
}

/** A time that was taken, such as `90 s`. */
export const secondsInWords = (ms: number): string => `${Math.round(ms / 1000)} s`
