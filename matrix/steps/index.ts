import type { StepRecord } from '../evidence/types.ts'
import { atomicRename } from './atomic-rename/row.ts'
import { kill } from './kill/row.ts'
import { knownGood } from './known-good/row.ts'
import { portability } from './portability/row.ts'
import { powerCut } from './power-cut/row.ts'
import type { StepRow } from './row.ts'
import { walTests } from './wal-tests/row.ts'

/** What a cell does with our log, in order. */
export const STEPS: readonly StepRow[] = [
  walTests,
  kill,
  knownGood,
  atomicRename,
  portability,
  powerCut,
]

/** The row of a step. Throws an `Error` where there is none of that name. */
export function rowOf({ name }: Pick<StepRecord, 'name'>): StepRow {
  const row = STEPS.find((each) => each.name === name)
  if (row === undefined) throw new Error(`there is no step ${name}`)
  return row
}
