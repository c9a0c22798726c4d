import { isDeepStrictEqual } from 'node:util'
import type { SubjectPromise } from '../../../../harness/oracle/promises/index.ts'
import {
  type KilledHistory,
  planKilledHistory,
  planOperationKill,
} from '../../../../harness/plan/killed-history.ts'
import type { SubjectKind } from '../../../../harness/subject/change.ts'
import type { IterationRecord, OperationPointRecord } from '../../../evidence/types.ts'
import { recoveredProblem } from '../../any-recovered-problem.ts'
import { verdictProblem } from '../check-iteration.ts'
import { workloadOf } from './operation-record.ts'

/**
 * How many changes had been sent and acknowledged when the subject was asked for what it was killed over; an opening
 * or a closing stands at the end of a session, of which there are two. Null where its history never asks for that.
 */
function promisedDuring(
  { sessions }: KilledHistory,
  during: string,
): { sent: number; acked: number[] } | null {
  const ends = sessions.map((_, at) => sessions.slice(0, at + 1).flat().length)
  const total = ends.at(-1) ?? 0
  if (during === 'open') return { sent: total, acked: [0, ...ends.slice(0, -1)] }
  if (during === 'close') return { sent: total, acked: ends }
  const [what, number] = during.split(' ')
  const change = sessions.flat()[Number(number) - 1]
  if (change?.do !== what) return null
  return { sent: Number(number), acked: [Number(number) - 1] }
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
  const promised = promisedDuring(planKilledHistory(kind, seed, round), fault.during)
  if (promised === null) return `was killed over ${fault.during}, which its history never asks for`
  if (!promised.acked.includes(acked)) {
    return `says that ${acked} changes were acknowledged, and it was killed over ${fault.during}`
  }
  if ((verdict === 'fail') !== (record.confirmation?.agreed === true)) {
    return 'contradicts its second look'
  }
  return (
    pointProblem(fault, point.moment) ??
    verdictProblem(record) ??
    recoveredProblem({ sent: promised.sent, acked, recovered, failures }, promise, verdict)
  )
}
