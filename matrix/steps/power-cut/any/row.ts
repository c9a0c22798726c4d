import { concludeAnyPowerCut } from '../conclude.ts'
import { mergePowerCutStep } from '../merge.ts'
import { powerCut } from '../row.ts'
import { anyPowerCutProblem } from './check.ts'

/** What the disk could hold had the power failed, of any subject. */
export const anyPowerCut: typeof powerCut = {
  ...powerCut,
  run: async (context) => (await import('./run.ts')).runAnyPowerCut(context),
  problem: anyPowerCutProblem,
  merge: (steps, { powerCut: record }) => mergePowerCutStep(steps, record, concludeAnyPowerCut),
}
