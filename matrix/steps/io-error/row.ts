import { IO_ERROR_CONTROLS } from '../../../subjects/wal/controls/io-error.ts'
import { caseReplayLine } from '../../evidence/replay-line.ts'
import type { StepRecord } from '../../evidence/types.ts'
import type { StepRow } from '../row.ts'
import { ioErrorProblemBy } from './check.ts'
import { UNMADE } from './conclude.ts'
import { knownLogControl } from './log-controls.ts'
import { mergeIoErrorStep } from './merge.ts'

/** Operations that meet errors of a disk, each error at each operation; and controls, which must be caught. */
export const ioError: StepRow<Extract<StepRecord, { name: 'io-error' }>> = {
  name: 'io-error',
  openWithout: 'its disk never said no',
  askedIn: ['gated'],
  unmade: { ...UNMADE, verdict: 'inconclusive', reason: null },
  run: async (context) => (await import('./run-log.ts')).runIoError(context),
  problem: (step, files) => ioErrorProblemBy(IO_ERROR_CONTROLS.map(knownLogControl), step, files),
  merge: (steps, { ioError: record }) => mergeIoErrorStep(steps, record),
  figures: ({ passed, cases }) => `${passed}/${cases} cases`,
  replays: ({ run, ioError: record }, path) =>
    (record?.problems ?? []).map((problem) => caseReplayLine(path, problem.case, run.subjectPath)),
}
