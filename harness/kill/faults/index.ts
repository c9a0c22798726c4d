import type { PlannedFault } from '../../plan/plan.ts'
import { type BitRot, bitRot } from './bit-rot.ts'
import { type Kill, type KillToDeliver, kill } from './kill.ts'
import { type Phantom, phantom } from './phantom.ts'
import type { FaultRow, FaultTarget, Struck } from './row.ts'

/** Every kind of fault that an iteration is made of: a new one is a file here and its lines. */
const FAULTS = { kill, phantom, 'bit-rot': bitRot } as const

/** A fault as it is delivered: the plan's, with its shares turned into a point or an entry. */
export type Fault = Kill | Phantom | BitRot

/** A fault to deliver: its point may still be the share of the operations that a plan drew. */
export type FaultToDeliver = KillToDeliver | Phantom | BitRot

type AnyRow = FaultRow<PlannedFault, FaultToDeliver, Fault>

// Each row takes its own kind of fault, by which it is found.
const rowOf = ({ kind }: Pick<Fault, 'kind'>): AnyRow => FAULTS[kind] as unknown as AnyRow

/** The fault that a plan means in a workload of so many entries. */
export function faultOfPlan(planned: PlannedFault, entries: number): FaultToDeliver {
  return rowOf(planned).fromPlan(planned, entries)
}

/** Whether a fault strikes a process that writes, so that nothing is written before it. */
export function strikesWriter(fault: FaultToDeliver): boolean {
  return rowOf(fault).strikesWriter(fault)
}

/** Delivers one. Throws as its row does. */
export function deliverFault(fault: FaultToDeliver, target: FaultTarget): Promise<Struck<Fault>> {
  return rowOf(fault).deliver(fault, target)
}

/** Whether recovery must refuse what these leave, and change nothing of it. */
export function mustBeRefused(faults: readonly Pick<Fault, 'kind'>[]): boolean {
  return faults.some((fault) => rowOf(fault).mustBeRefused)
}

/** Faults in words, for people. */
export function faultsInWords(faults: readonly Fault[]): string {
  return faults.map((fault) => rowOf(fault).inWords(fault)).join(', then ')
}
