import { pointInWords } from '../disk-subject/operations.ts'
import type { Point } from '../disk-subject/point.ts'
import type { AnyPhantomShape, PlannedPoint } from '../plan/plan.ts'

/** A fault as it is delivered: the plan's, with its shares turned into a point or an entry. */
export type Fault =
  | { kind: 'kill'; process: 'writer' | 'recovery'; point: Point }
  | { kind: 'phantom'; shape: AnyPhantomShape }
  | { kind: 'bit-rot'; entry: number }

/** A fault to deliver: its point may still be the share of the operations that a plan drew. */
export type FaultToDeliver =
  | Exclude<Fault, { kind: 'kill' }>
  | { kind: 'kill'; process: 'writer' | 'recovery'; point: Point | PlannedPoint }

/** Faults in words, for people. */
export function faultsInWords(faults: Fault[]): string {
  return faults
    .map((fault) => {
      if (fault.kind === 'kill') return `${fault.process} killed at ${pointInWords(fault.point)}`
      if (fault.kind === 'phantom') return `phantom (${fault.shape})`
      return `bit-rot in entry ${fault.entry}`
    })
    .join(', then ')
}
