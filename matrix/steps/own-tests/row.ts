import { NO_CONFIRMATIONS } from '../../../harness/oracle/second-look.ts'
import type { StepRecord } from '../../evidence/types.ts'
import { looksProblem } from '../check-looks.ts'
import { noReplays, type StepRow } from '../row.ts'
import { worstStep } from '../worst.ts'

/** The tests that a subject's description names, with their temporary files on the cell's file system. */
export const ownTests: StepRow<Extract<StepRecord, { name: 'own-tests' }>> = {
  name: 'own-tests',
  openWithout: null,
  unmade: {
    name: 'own-tests',
    verdict: 'inconclusive',
    reason: null,
    confirmations: NO_CONFIRMATIONS,
  },
  run: async (context) => (await import('./run.ts')).runOwnTests(context),
  problem: (step, { run }) => looksProblem(step, run),
  merge: worstStep,
  figures: () => '',
  replays: noReplays,
}
