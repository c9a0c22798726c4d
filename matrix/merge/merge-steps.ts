import type { RunRecord, StepRecord } from '../evidence/types.ts'
import { rowOf } from '../steps/index.ts'
import type { MergedParts } from '../steps/row.ts'

/** The steps of a run from those of its shards: each step's row says how. */
export function mergeSteps(runs: readonly RunRecord[], parts: MergedParts): StepRecord[] {
  const [first] = runs
  if (first === undefined) return []
  return first.steps.map((step) => {
    const ofEach = runs.flatMap(({ steps }) => steps).filter(({ name }) => name === step.name)
    return rowOf(step, first).merge(ofEach, parts)
  })
}
