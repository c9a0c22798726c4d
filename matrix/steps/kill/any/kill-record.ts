import type { JudgedCase } from '../../../../harness/oracle/judged-case.ts'
import { recordedDetail, recordedFailures } from '../../../evidence/recorded.ts'
import { replayLine } from '../../../evidence/replay-line.ts'
import type { FaultRecord, IterationRecord } from '../../../evidence/types.ts'
import type { OfRun } from './of-run.ts'

/** A kill of any subject as a line of evidence; the fault is on record where it was delivered. */
export function killRecord(
  result: JudgedCase & { iteration: number },
  workload: IterationRecord['workload'],
  fault: FaultRecord,
  { evidencePath, subjectPath }: OfRun,
): IterationRecord {
  const { iteration, delivered, acked, recovered, verdict, confirmation } = result
  return {
    schema: 'https://pullplug.dev/schemas/iteration/2.json',
    iteration,
    workload,
    faults: delivered ? [fault] : [],
    delivered,
    acked,
    recovered,
    verdict,
    failures: recordedFailures(result.failures),
    reason: recordedDetail(result.reason),
    confirmation,
    replay: replayLine(evidencePath, iteration, subjectPath),
  }
}
