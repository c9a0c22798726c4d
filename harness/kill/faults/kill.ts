import { pointInWords } from '../../disk-subject/operations.ts'
import { choosePoint, type Point, pointName } from '../../disk-subject/point.ts'
import { runVictim, type VictimEnd } from '../../disk-subject/run-victim.ts'
import { CannotJudge } from '../../oracle/cannot-judge.ts'
import type { PlannedPoint } from '../../plan/plan.ts'
import type { FaultRow } from './row.ts'

/** A SIGKILL of the process that writes, or of one that recovers, at a point. */
export interface Kill {
  kind: 'kill'
  process: 'writer' | 'recovery'
  point: Point
}

/** One whose point may still be the share of the operations that a plan drew. */
export type KillToDeliver = Omit<Kill, 'point'> & { point: Point | PlannedPoint }

/** A kill as it struck: at the operation that was announced, and after so many bytes of it. */
export function asItStruck(fault: Kill, { announced }: Pick<VictimEnd, 'announced'>): Kill {
  const { bytesShare: _, ...point } = fault.point
  if (announced === undefined) return { ...fault, point }
  const { operation, writtenBytes } = announced
  const within = writtenBytes === undefined ? {} : { writtenBytes }
  return { ...fault, point: { ...point, name: pointName(operation), ...within } }
}

/** A kill counts only if the process ended by SIGKILL and had announced its point. */
function notKilled(fault: Kill, end: VictimEnd): string | null {
  if (end.killed && end.announced !== undefined) return null
  return `the ${fault.process} was not killed at its point: ${end.ending}`
}

export const kill: FaultRow<KillToDeliver, KillToDeliver, Kill> = {
  fromPlan: (planned) => planned,
  strikesWriter: ({ process }) => process === 'writer',
  mustBeRefused: false,
  async deliver(fault, target) {
    const { process, point: planned } = fault
    const { subject, directory, payloads, operationsOf } = target
    const point: Point | undefined =
      'number' in planned ? planned : choosePoint(planned, await operationsOf(process))
    if (point === undefined) throw new CannotJudge(`the ${process} makes no file operations`)
    const entries = process === 'writer' ? payloads : []
    const end = await runVictim({ subject, directory, entries, trace: false, point }, target)
    const struck = { ...fault, point }
    return {
      fault: asItStruck(struck, end),
      problem: notKilled(struck, end),
      ...(process === 'writer' ? { acked: end.acked.length } : {}),
    }
  },
  inWords: ({ process, point }) => `${process} killed at ${pointInWords(point)}`,
}
