import { NO_CONFIRMATIONS } from '../../../harness/oracle/second-look.ts'
import type { StepRecord } from '../../evidence/types.ts'
import { noReplays, type StepRow } from '../row.ts'
import { worstStep } from '../worst.ts'
import { walTestsProblem } from './check.ts'
import { UNMADE } from './conclude.ts'

/** The log's own tests, with their directories on the cell's file system. */
export const walTests: StepRow<Extract<StepRecord, { name: 'wal-tests' }>> = {
  name: 'wal-tests',
  openWithout: 'the log’s own tests did not run',
  unmade: { ...UNMADE, verdict: 'inconclusive', reason: null, confirmations: NO_CONFIRMATIONS },
  run: async (context) => (await import('./run.ts')).runWalTests(context),
  problem: (step, { run }) => walTestsProblem(step, run),
  merge: worstStep,
  figures: ({ passed, failed }) => `${passed}/${passed + failed}`,
  replays: noReplays,
}
