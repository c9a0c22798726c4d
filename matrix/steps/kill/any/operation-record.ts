import type { OperationResult } from '../../../../harness/kill/operations/kill-at-operation.ts'
import { planKilledHistory } from '../../../../harness/plan/killed-history.ts'
import type { PlannedHistory } from '../../../../harness/plan/planned-history.ts'
import type { SubjectKind } from '../../../../harness/subject/change.ts'
import { shownPath } from '../../../../harness/text/shown.ts'
import type { IterationRecord } from '../../../evidence/types.ts'
import { killRecord } from './kill-record.ts'
import type { OfRun } from './of-run.ts'

/** How many changes a history has. */
const changesIn = ({ sessions }: PlannedHistory): number => sessions.flat().length

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
  ofRun: OfRun,
): IterationRecord {
  const { point } = result
  const operation = shownPath(point.operation)
  return killRecord(result, workload, { kind: 'kill-at-operation', ...point, operation }, ofRun)
}
