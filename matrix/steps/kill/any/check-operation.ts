import { isDeepStrictEqual } from 'node:util'
import type { SubjectPromise } from '../../../../harness/oracle/promises/index.ts'
import { planKilledHistory, planOperationKill } from '../../../../harness/plan/killed-history.ts'
import type { PlannedHistory } from '../../../../harness/plan/planned-history.ts'
import type { SubjectKind } from '../../../../harness/subject/change.ts'
import type { IterationRecord, OperationPointRecord } from '../../../evidence/types.ts'
import { recoveredProblem } from '../../any-recovered-problem.ts'
import { verdictProblem } from '../check-iteration.ts'
import { workloadOf } from './operation-record.ts'

/**
 * How many changes can have been acknowledged when the subject was asked for what it was killed over: an opening
 * stands at the beginning of a session and a closing at its end, of which there are two. Empty where its history
 * never asks for that.
 */
function ackedDuring({ sessions }: PlannedHistory, during: string): number[] {
  const ends = sessions.map((_, at) => sessions.slice(0, at + 1).flat().length)
  if (during === 'open') return [0, ...ends.slice(0, -1)]
  if (during === 'close') return ends
  const [what, number] = during.split(' ')
  const isAsked = sessions.flat()[Number(number) - 1]?.do === what
  return isAsked ? [Number(number) - 1] : []
}

/** How many changes had been sent by then. */
function sentDuring(during: string, acked: number): number {
  return during === 'open' || during === 'close' ? acked : acked + 1
}

/** What of a point is not what was planned, as the rest of a sentence; a write with no inside is struck before it. */
function pointProblem(
  { moment, writtenBytes }: OperationPointRecord,
  planned: 'before' | 'within' | 'after',
): string | null {
  const isPlanned = moment === planned || (planned === 'within' && moment === 'before')
  if (!isPlanned) return `was killed ${moment} an operation, and its seed means ${planned}`
  return (moment === 'within') === (writtenBytes !== undefined)
    ? null
    : 'says of a write what it does not say of its moment'
}

/** What of an iteration that killed at an operation is not what its seed means, or contradicts itself. */
export function operationProblem(
  record: IterationRecord,
  seed: number,
  kind: SubjectKind,
  promise: SubjectPromise,
): string | null {
  const { iteration, workload, faults, delivered, acked, recovered, verdict, failures } = record
  const { round, point } = planOperationKill(seed, iteration)
  if (!isDeepStrictEqual(workload, workloadOf(kind, seed, round))) {
    return 'has another workload than its seed means'
  }
  const [fault] = faults
  if (fault === undefined) {
    return delivered ? 'was delivered without a fault' : verdictProblem(record)
  }
  if (fault.kind !== 'kill-at-operation' || faults.length > 1 || !delivered) {
    return 'suffered other faults than its seed means'
  }
  const { during } = fault
  const possible = ackedDuring(planKilledHistory(kind, seed, round), during)
  if (possible.length === 0) return `was killed over ${during}, which its history never asks for`
  if (!possible.includes(acked)) {
    return `says that ${acked} changes were acknowledged, and it was killed over ${during}`
  }
  if ((verdict === 'fail') !== (record.confirmation?.agreed === true)) {
    return 'contradicts its second look'
  }
  return (
    pointProblem(fault, point.moment) ??
    verdictProblem(record) ??
    recoveredProblem(
      { sent: sentDuring(during, acked), acked, recovered, failures },
      promise,
      verdict,
    )
  )
}
