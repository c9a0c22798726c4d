import type { Failure } from './failure.ts'

/** One look at what a fault left. */
export interface Look {
  /** Who looked, in words. */
  by: string
  failures: Failure[]
  /** Whether the subject's process died over it, or gave no answer. */
  gone: boolean
  /** Why it could not be judged; null when it was. */
  notJudged: string | null
}

/** How many second looks were taken, how many found the same as the first, and what they cost. */
export interface Confirmations {
  taken: number
  agreed: number
  durationMs: number
}

export const NO_CONFIRMATIONS: Confirmations = { taken: 0, agreed: 0, durationMs: 0 }

/** What one second look took, and whether it found the same; null where none was due. */
export type Confirmation = { agreed: boolean; durationMs: number } | null

/** The same as a count. */
export function confirmationsOf({ confirmation }: { confirmation: Confirmation }): Confirmations {
  if (confirmation === null) return NO_CONFIRMATIONS
  const { agreed, durationMs } = confirmation
  return { taken: 1, agreed: agreed ? 1 : 0, durationMs }
}

/** Of several counts, the sum. */
export function sumOfConfirmations(all: readonly Confirmations[]): Confirmations {
  const sum = (name: keyof Confirmations): number =>
    all.reduce((total, each) => total + each[name], 0)
  return { taken: sum('taken'), agreed: sum('agreed'), durationMs: sum('durationMs') }
}

function finding({ failures: [failure], notJudged }: Look): string {
  if (notJudged !== null) return `could not judge: ${notJudged}`
  return failure === undefined ? 'found nothing wrong' : `found ${failure.name}: ${failure.detail}`
}

/**
 * What holds of a failure that was looked at again: those of its names that every look found, told as the
 * first look did; or how the looks disagree, in a sentence. No failure is told from one look.
 */
export function judgeLooks(
  first: Look,
  others: readonly Look[],
): { failures: Failure[] } | { disagreement: string } {
  const confirms = (other: Look, { name }: Failure): boolean =>
    other.gone === first.gone && other.failures.some((failure) => failure.name === name)
  const failures = first.failures.filter((failure) =>
    others.every((other) => confirms(other, failure)),
  )
  if (others.length > 0 && failures.length > 0) {
    return {
      failures: first.gone
        ? failures.map(({ name, detail }) => ({ name, detail: `twice, ${detail}` }))
        : failures,
    }
  }
  const told = [first, ...others].map((look) => `${look.by} ${finding(look)}`)
  return { disagreement: `the looks at it disagree: ${told.join('; ')}` }
}
