import type { RunRecord, StepRecord } from '../evidence/types.ts'
import { atomicRename } from './atomic-rename/row.ts'
import { killAtMoments } from './kill/any/row.ts'
import { kill } from './kill/row.ts'
import { knownGood } from './known-good/row.ts'
import { portability } from './portability/row.ts'
import { anyPowerCut } from './power-cut/any/row.ts'
import { powerCut } from './power-cut/row.ts'
import type { StepRow } from './row.ts'
import { walTests } from './wal-tests/row.ts'

/** What a cell does with our log, in order. */
const STEPS_OF_THE_LOG: readonly StepRow[] = [
  walTests,
  kill,
  knownGood,
  atomicRename,
  portability,
  powerCut,
]

/** What a cell does with a subject that a file describes, in order. */
const STEPS_OF_ANY: readonly StepRow[] = [killAtMoments, anyPowerCut]

/** What a cell does with the subject of a run, in order. */
export function stepsOf({ subjectPath }: Pick<RunRecord, 'subjectPath'>): readonly StepRow[] {
  return subjectPath === null ? STEPS_OF_THE_LOG : STEPS_OF_ANY
}

/** The row of a step of a run. Throws an `Error` where there is none of that name. */
export function rowOf(
  { name }: Pick<StepRecord, 'name'>,
  run: Pick<RunRecord, 'subjectPath'>,
): StepRow {
  const row = stepsOf(run).find((each) => each.name === name)
  if (row === undefined) throw new Error(`there is no step ${name}`)
  return row
}

/** What a run that skipped a step has not shown; null where such a step is never skipped, whatever the subject. */
export function openWithout({ name }: Pick<StepRecord, 'name'>): string | null {
  return STEPS_OF_THE_LOG.find((each) => each.name === name)?.openWithout ?? null
}
