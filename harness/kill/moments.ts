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
  /** Which iterations: those of these numbers, or from 1 on until so many milliseconds have gone. */
  extent: { numbers: readonly number[] } | { forMs: number }
  signal?: AbortSignal | undefined
  /** Once it says so, no further one is begun. */
  isEnough?: (() => boolean) | undefined
  onResult?: (result: MomentResult) => void
}

/** However short the time is, so many iterations are run. */
const LEAST_ITERATIONS = 4

/**
 * Kills a subject at one moment after another, several at a time, and returns the results in the order of their
 * numbers. Throws as `runMomentIteration` does.
 */
export async function killAtMoments(options: MomentsOptions): Promise<MomentResult[]> {
  const { subject, seed, root, extent, signal, onResult = () => {}, isEnough } = options
  const untilMs = 'forMs' in extent ? performance.now() + extent.forMs : Number.POSITIVE_INFINITY
  const most = 'forMs' in extent ? Number.POSITIVE_INFINITY : extent.numbers.length
  const numberAt = (at: number): number =>
    'forMs' in extent ? at + 1 : (extent.numbers[at] as number)
  let taken = 0
  const results: MomentResult[] = []
  const lane = async (): Promise<void> => {
    while (taken < most && isEnough?.() !== true) {
      if (performance.now() >= untilMs && taken >= LEAST_ITERATIONS) return
      const number = numberAt(taken++)
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
  const lanes = Math.min(availableParallelism() + 1, most)
  await together(
    lanes,
    Array.from({ length: lanes }, () => lane),
  )
  return results.sort((a, b) => a.iteration - b.iteration)
}
