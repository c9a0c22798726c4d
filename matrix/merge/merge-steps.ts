import type { StepRecord } from '../evidence/types.ts'
import { rowOf } from '../steps/index.ts'
import type { MergedParts } from '../steps/row.ts'

/** The steps of a run from those of its shards: each step's row says how. */
export function mergeSteps(
  all: readonly (readonly StepRecord[])[],
  parts: MergedParts,
): StepRecord[] {
  const [first = []] = all
  return first.map((step) => {
    const ofEach = all.flat().filter(({ name }) => name === step.name)
    return rowOf(step).merge(ofEach, parts)
  })
}
