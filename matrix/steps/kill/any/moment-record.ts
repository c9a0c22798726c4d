import type { MomentResult } from '../../../../harness/kill/moment-iteration.ts'
import { recordedDetail, recordedFailures } from '../../../evidence/recorded.ts'
import { replayLine } from '../../../evidence/replay-line.ts'
import type { IterationRecord } from '../../../evidence/types.ts'
import type { OfRun } from './of-run.ts'

/** An iteration that killed at a moment as a line of evidence. */
export function momentRecord(
  result: MomentResult,
  { seed, evidencePath, subjectPath }: OfRun,
): IterationRecord {
  const { iteration, changes, moment, delivered, acked, recovered, verdict } = result
  return {
    schema: 'https://pullplug.dev/schemas/iteration/2.json',
    iteration,
    workload: { seed, stream: iteration, entries: changes },
    faults: delivered ? [{ kind: 'kill-at-moment', ...moment }] : [],
    delivered,
    acked,
    recovered,
    verdict,
    failures: recordedFailures(result.failures),
    reason: recordedDetail(result.reason),
    confirmation: result.confirmation,
    replay: replayLine(evidencePath, iteration, subjectPath),
  }
}
