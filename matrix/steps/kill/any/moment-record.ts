import type { MomentResult } from '../../../../harness/kill/moment-iteration.ts'
import type { IterationRecord } from '../../../evidence/types.ts'
import { killRecord } from './kill-record.ts'
import type { OfRun } from './of-run.ts'

/** An iteration that killed at a moment as a line of evidence. */
export function momentRecord(result: MomentResult, ofRun: OfRun): IterationRecord {
  const { iteration, changes, moment } = result
  const workload = { seed: ofRun.seed, stream: iteration, entries: changes }
  return killRecord(result, workload, { kind: 'kill-at-moment', ...moment }, ofRun)
}
