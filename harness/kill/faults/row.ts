import type { Operation } from '../../disk-subject/operations.ts'
import type { VictimOptions } from '../../disk-subject/run-victim.ts'
import type { Payload } from '../../disk-subject/subject.ts'

/** What a fault is delivered to. */
export interface FaultTarget extends VictimOptions {
  subject: string
  directory: string
  payloads: Payload[]
  /** How many entries have been acknowledged there. */
  acked: number
  /** The operations of the writer, or of a recovery of the directory as it is, for points that are shares. */
  operationsOf: (process: 'writer' | 'recovery') => Promise<Operation[]>
}

/** A fault as it struck. */
export interface Struck<F> {
  fault: F
  /** How many entries a process acknowledged that it struck while it wrote. */
  acked?: number
  /** Why it was not delivered; null when it was. */
  problem: string | null
}

/** A kind of fault: as a plan draws it, as it is to be delivered, and as it struck. */
export interface FaultRow<Planned, ToDeliver, F> {
  /** The fault that a plan means in a workload of so many entries. */
  fromPlan(planned: Planned, entries: number): ToDeliver
  /** Whether it strikes a process that writes, so that nothing is written before it. */
  strikesWriter(fault: ToDeliver): boolean
  /** Throws `CannotJudge`, a `MachineError`, the operating system's error, and as running a process does. */
  deliver(fault: ToDeliver, target: FaultTarget): Promise<Struck<F>>
  /** Whether recovery must refuse what it leaves, and change nothing of it. */
  mustBeRefused: boolean
  inWords(fault: F): string
}
