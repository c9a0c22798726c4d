import type { PowerCutRecord, StepRecord } from '../../evidence/types.ts'
import { worstOf, worstStep } from '../worst.ts'
import type { concludePowerCut } from './conclude.ts'

type PowerCut = Extract<StepRecord, { name: 'power-cut' }>

/** The power cuts of all shards; where one could not be made or was skipped, that stands. */
export function mergePowerCutStep(
  steps: readonly PowerCut[],
  record: PowerCutRecord | null,
  conclude: (record: PowerCutRecord) => ReturnType<typeof concludePowerCut>,
): PowerCut {
  const worst = worstStep(steps)
  if (record === null) return worst
  const concluded = conclude(record)
  const { verdict } = worstOf([concluded, worst])
  const reason = verdict === concluded.verdict ? concluded.reason : worst.reason
  return { ...concluded, verdict, reason, durationMs: worst.durationMs }
}
