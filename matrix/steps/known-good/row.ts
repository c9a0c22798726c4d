import { NO_CONFIRMATIONS } from '../../../harness/oracle/second-look.ts'
import type { StepRecord } from '../../evidence/types.ts'
import { noReplays, type StepRow } from '../row.ts'
import { worstStep } from '../worst.ts'
import { knownGoodProblem } from './check.ts'

/** A log of five entries, written on the cell's file system and read by the verifier. */
export const knownGood: StepRow<Extract<StepRecord, { name: 'known-good' }>> = {
  name: 'known-good',
  openWithout: null,
  unmade: {
    name: 'known-good',
    verdict: 'inconclusive',
    reason: null,
    confirmations: NO_CONFIRMATIONS,
    entries: 0,
    verified: false,
  },
  run: async (context) => (await import('./run.ts')).runKnownGood(context),
  problem: knownGoodProblem,
  merge: worstStep,
  figures: ({ entries }) => `${entries} entries`,
  replays: noReplays,
}
