import type { OperationResult } from '../../../../harness/kill/operations/kill-at-operation.ts'
import { type KilledHistory, planKilledHistory } from '../../../../harness/plan/killed-history.ts'
import type { SubjectKind } from '../../../../harness/subject/change.ts'
import { shownPath } from '../../../../harness/text/shown.ts'
import { recordedDetail, recordedFailures } from '../../../evidence/recorded.ts'
import { replayLine } from '../../../evidence/replay-line.ts'
import type { IterationRecord } from '../../../evidence/types.ts'
import type { OfRun } from './of-run.ts'

/** How many changes a history has. */
export const changesIn = ({ sessions }: KilledHistory): number => sessions.flat().length

/** The workload that evidence names for a history of a seed. */
export function workloadOf(
  kind: SubjectKind,
  seed: number,
  round: number,
): IterationRecord['workload'] {
  return { seed, stream: round, entries: changesIn(planKilledHistory(kind, seed, round)) }
}

/** An iteration that killed at an operation, as a line of evidence. */
export function operationRecord(
  result: OperationResult & { iteration: number },
  workload: IterationRecord['workload'],
  { evidencePath, subjectPath }: OfRun,
): IterationRecord {
  const { iteration, point, delivered, acked, recovered, verdict } = result
  const operation = shownPath(point.operation)
  return {
    schema: 'https://pullplug.dev/schemas/iteration/2.json',
    iteration,
    workload,
    faults: delivered ? [{ kind: 'kill-at-operation', ...point, operation }] : [],
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
