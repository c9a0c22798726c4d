import type { IterationResult } from '../../../harness/kill/iteration.ts'
import { recordedDetail, recordedFailures } from '../../evidence/recorded.ts'
import { replayLine } from '../../evidence/replay-line.ts'
import type { IterationRecord } from '../../evidence/types.ts'

/** An iteration's result as a line of evidence; `evidencePath` is where the run will stand. */
export function iterationRecord(result: IterationResult, evidencePath: string): IterationRecord {
  return {
    schema: 'https://pullplug.dev/schemas/iteration/2.json',
    iteration: result.iteration,
    workload: result.workload,
    faults: result.faults,
    delivered: result.delivered,
    acked: result.acked,
    recovered: result.recovered,
    verdict: result.verdict,
    failures: recordedFailures(result.failures),
    reason: recordedDetail(result.reason),
    confirmation: result.confirmation,
    replay: replayLine(evidencePath, result.iteration, null),
  }
}
