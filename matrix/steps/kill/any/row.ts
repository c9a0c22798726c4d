import { concludeKillAtMoments } from '../conclude.ts'
import { mergeKill } from '../merge.ts'
import { kill } from '../row.ts'
import { killAtMomentsProblem } from './check.ts'

/** Kills of any subject, at moments of the plan's. */
export const killAtMoments: typeof kill = {
  ...kill,
  run: async (context) => (await import('./run.ts')).runKillAtMoments(context),
  problem: killAtMomentsProblem,
  merge: (steps, { iterations }) => mergeKill(steps, iterations, concludeKillAtMoments),
}
