import type { IterationRecord, StepRecord } from '../../evidence/types.ts'
import { mergeControls } from '../merge-controls.ts'
import { worstOf, worstStep } from '../worst.ts'
import type { concludeKill } from './conclude.ts'

type Kill = Extract<StepRecord, { name: 'kill' }>

/** The kill step over the iterations of all shards; one that could not be made in a shard keeps it from passing. */
export function mergeKill(
  steps: readonly Kill[],
  iterations: IterationRecord[],
  conclude: typeof concludeKill,
): Kill {
  const worst = worstStep(steps)
  const concluded = conclude(iterations, mergeControls(steps.map(({ controls }) => controls)))
  const { durationMs } = worst
  const { verdict } = worstOf([concluded, worst])
  const tells = verdict === concluded.verdict && iterations.length > 0 ? concluded : worst
  return { ...concluded, verdict, reason: tells.reason, durationMs }
}
