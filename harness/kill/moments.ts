import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { planMoment } from '../plan/moment.ts'
import { together } from '../process/together.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { type MomentResult, runMomentIteration } from './moment-iteration.ts'

export interface MomentsOptions {
  subject: DescribedSubject
  seed: number
  /** A folder on the file system under test, for these iterations alone. */
  root: string
  /** Which iterations: the numbers `from` to `to`, or from 1 on until so many milliseconds have gone. */
  extent: { from: number; to: number } | { forMs: number }
  signal?: AbortSignal | undefined
  onResult?: (result: MomentResult) => void
}

/** However short the time is, so many iterations are run. */
const LEAST_ITERATIONS = 4

/**
 * Kills a subject at one moment after another, several at a time, and returns the results in the order of their
 * numbers. Throws as `runMomentIteration` does.
 */
export async function killAtMoments(options: MomentsOptions): Promise<MomentResult[]> {
  const { subject, seed, root, extent, signal, onResult = () => {} } = options
  const untilMs = 'forMs' in extent ? performance.now() + extent.forMs : Number.POSITIVE_INFINITY
  const [first, last] = 'forMs' in extent ? [1, Number.POSITIVE_INFINITY] : [extent.from, extent.to]
  let next = first
  const results: MomentResult[] = []
  const lane = async (): Promise<void> => {
    while (next <= last) {
      if (performance.now() >= untilMs && next > first + LEAST_ITERATIONS - 1) return
      const number = next++
      const directory = join(root, `iteration-${number}`)
      const result = await runMomentIteration(planMoment(seed, number), {
        subject,
        seed,
        directory,
        signal,
      })
      results.push(result)
      onResult(result)
    }
  }
  const lanes = Math.min(availableParallelism() + 1, last - first + 1)
  await together(
    lanes,
    Array.from({ length: lanes }, () => lane),
  )
  return results.sort((a, b) => a.iteration - b.iteration)
}
