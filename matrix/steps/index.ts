import type { Description } from '../../harness/subject/description.ts'
import type { CellStatus, RunRecord, StepRecord } from '../evidence/types.ts'
import { atomicRename } from './atomic-rename/row.ts'
import { anyIoError } from './io-error/any/row.ts'
import { ioError } from './io-error/row.ts'
import { anyKill } from './kill/any/row.ts'
import { kill } from './kill/row.ts'
import { knownGood } from './known-good/row.ts'
import { ownTests } from './own-tests/row.ts'
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
  ioError,
]

/** What a cell does with a subject that a file describes, in order. */
const STEPS_OF_ANY: readonly StepRow[] = [ownTests, anyKill, anyPowerCut, anyIoError]

/** What a cell does with a subject, in order: our log or a control of it, or what a description is of. */
export function stepsOf(description: Description | null): readonly StepRow[] {
  if (description === null) return STEPS_OF_THE_LOG
  return STEPS_OF_ANY.filter((row) => row !== ownTests || description.tests !== undefined)
}

/** The row of a step of a run. Throws an `Error` where there is none of that name. */
export function rowOf(
  { name }: Pick<StepRecord, 'name'>,
  { subjectPath }: Pick<RunRecord, 'subjectPath'>,
): StepRow {
  const rows = subjectPath === null ? STEPS_OF_THE_LOG : STEPS_OF_ANY
  const row = rows.find((each) => each.name === name)
  if (row === undefined) throw new Error(`there is no step ${name}`)
  return row
}

/** What a run that skipped a step has not shown; null where such a step is never skipped, whatever the subject. */
export function openWithout({ name }: Pick<StepRecord, 'name'>): string | null {
  return STEPS_OF_THE_LOG.find((each) => each.name === name)?.openWithout ?? null
}

/** Whether a run of a cell of that status counts only with the step made. */
export function isAskedIn({ name }: Pick<StepRecord, 'name'>, status: CellStatus): boolean {
  const row = STEPS_OF_THE_LOG.find((each) => each.name === name)
  return (row?.askedIn ?? ['gated', 'optional']).includes(status)
}
