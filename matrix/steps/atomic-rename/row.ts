import { NO_CONFIRMATIONS } from '../../../harness/oracle/second-look.ts'
import type { StepRecord } from '../../evidence/types.ts'
import { noReplays, type StepRow } from '../row.ts'
import { worstStep } from '../worst.ts'
import { atomicRenameProblem } from './check.ts'

/** A rename replaces a file as one, whenever it is killed. */
export const atomicRename: StepRow<Extract<StepRecord, { name: 'atomic-rename' }>> = {
  name: 'atomic-rename',
  openWithout: null,
  unmade: {
    name: 'atomic-rename',
    verdict: 'inconclusive',
    reason: null,
    confirmations: NO_CONFIRMATIONS,
    crashes: 0,
    old: 0,
    new: 0,
  },
  run: async (context) => (await import('./run.ts')).runAtomicRename(context),
  problem: (step, { run }) => atomicRenameProblem(step, run),
  merge: worstStep,
  figures: ({ old, new: renewed }) => `${old} old, ${renewed} new`,
  replays: noReplays,
}
