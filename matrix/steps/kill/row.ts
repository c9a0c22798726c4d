import { NO_CONFIRMATIONS } from '../../../harness/oracle/second-look.ts'
import { replayLine } from '../../evidence/replay-line.ts'
import type { StepRecord } from '../../evidence/types.ts'
import { dueControls } from '../controls.ts'
import type { StepRow } from '../row.ts'
import { killProblem } from './check.ts'
import { concludeKill } from './conclude.ts'
import { mergeKill } from './merge.ts'

/** Seeded kills, or a kill at every point; and the controls, which must be caught. */
export const kill: StepRow<Extract<StepRecord, { name: 'kill' }>> = {
  name: 'kill',
  openWithout: null,
  unmade: {
    name: 'kill',
    verdict: 'inconclusive',
    reason: null,
    confirmations: NO_CONFIRMATIONS,
    iterations: 0,
    delivered: 0,
    passed: 0,
    failed: 0,
    inconclusive: 0,
    controls: [],
  },
  run: async (context) => (await import('./run.ts')).runKill(context),
  problem: killProblem,
  merge: (steps, { iterations }) => mergeKill(steps, iterations, concludeKill),
  figures({ passed, iterations, controls }) {
    const due = dueControls(controls)
    const caught = due.filter((control) => control.caught).length
    return `${passed}/${iterations}, controls ${caught}/${due.length}`
  },
  replays: ({ run, iterations }, path) =>
    iterations
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ iteration }) => replayLine(path, iteration, run.subjectPath)),
}
