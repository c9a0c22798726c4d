import { NO_CONFIRMATIONS } from '../../../harness/oracle/second-look.ts'
import type { StepRecord } from '../../evidence/types.ts'
import { noReplays, type StepRow } from '../row.ts'
import { portabilityProblem } from './check.ts'
import { mergePortabilityStep } from './merge.ts'

/** The same plan and the same bytes everywhere, and logs that cross from one architecture to another. */
export const portability: StepRow<Extract<StepRecord, { name: 'portability' }>> = {
  name: 'portability',
  openWithout: null,
  unmade: {
    name: 'portability',
    verdict: 'inconclusive',
    reason: null,
    confirmations: NO_CONFIRMATIONS,
    pairs: 0,
    passed: 0,
  },
  run: async (context) => (await import('./run.ts')).runPortability(context),
  problem: portabilityProblem,
  merge: (steps, { portability: records }) => mergePortabilityStep(steps, records),
  figures: ({ passed, pairs }) => `${passed}/${pairs} pairs`,
  replays: noReplays,
}
