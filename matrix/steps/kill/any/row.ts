import { concludeAnyKill } from '../conclude.ts'
import { mergeKill } from '../merge.ts'
import { kill } from '../row.ts'
import { anyKillProblem } from './check.ts'

/** Kills of any subject, at its operations or at moments of the plan's. */
export const anyKill: typeof kill = {
  ...kill,
  run: async (context) => (await import('./run.ts')).runAnyKill(context),
  problem: anyKillProblem,
  merge: (steps, { iterations }) => mergeKill(steps, iterations, concludeAnyKill),
}
