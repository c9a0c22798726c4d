import { stateReplayLine } from '../../evidence/replay-line.ts'
import type { StepRecord } from '../../evidence/types.ts'
import type { StepRow } from '../row.ts'
import { powerCutProblem } from './check.ts'
import { concludePowerCut, UNMADE } from './conclude.ts'
import { mergePowerCutStep } from './merge.ts'

/** What the disk could hold had the power failed, state by state; and controls, which must be caught. */
export const powerCut: StepRow<Extract<StepRecord, { name: 'power-cut' }>> = {
  name: 'power-cut',
  openWithout: 'its power was never cut',
  unmade: { ...UNMADE, verdict: 'inconclusive', reason: null },
  run: async (context) => (await import('./run.ts')).runPowerCut(context),
  problem: powerCutProblem,
  merge: (steps, { powerCut: record }) =>
    mergePowerCutStep(steps, record, (each) => concludePowerCut(each)),
  figures: ({ passed, states, contents }) => `${passed}/${states} states, ${contents} contents`,
  replays: ({ run, powerCut: record }, path) =>
    (record?.problems ?? []).map(({ state }) => stateReplayLine(path, state, run.subjectPath)),
}
