import { readdirSync } from 'node:fs'
import type { KeptProcess } from '../disk-subject/kept-process.ts'
import type { Operation } from '../disk-subject/operations.ts'
import { choosePoint, type Point, pointName } from '../disk-subject/point.ts'
import { runVictim, type VictimEnd, type VictimOptions } from '../disk-subject/run-victim.ts'
import type { Payload } from '../disk-subject/subject.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { refusalInWords } from '../process/error-report.ts'
import { MachineError } from '../process/machine-error.ts'
import { makeDirectories } from '../process/make-directories.ts'
import type { Fault, FaultToDeliver } from './fault.ts'

/** What the faults are delivered to. */
export interface DeliveryOptions extends VictimOptions {
  subject: string
  /** Made if it isn't there; it must be empty. */
  directory: string
  payloads: Payload[]
  /** Writes what is then damaged: it need not die, so it need not be started anew. */
  writer: KeptProcess
  /** The operations of the writer, or of a recovery of the directory as it is, for points that are shares. */
  operationsOf: (process: 'writer' | 'recovery') => Promise<Operation[]>
}

/** What came of delivering the faults. */
export interface Delivery {
  /** How many entries the writer acknowledged. */
  acked: number
  /** The faults as they struck: a kill inside a write says after how many bytes. */
  faults: Fault[]
  /** Why the last of them was not delivered, and none after it was tried; null when all were. */
  problem: string | null
}

/** A fault that kills a process. */
export type Kill = Fault & { kind: 'kill' }

/** The fault with a point that is one: a share is turned into the operation that it falls on. */
async function withPoint(
  fault: FaultToDeliver,
  operationsOf: DeliveryOptions['operationsOf'],
): Promise<Fault> {
  if (fault.kind !== 'kill') return fault
  const point: Point | undefined =
    'number' in fault.point
      ? fault.point
      : choosePoint(fault.point, await operationsOf(fault.process))
  if (point === undefined) throw new CannotJudge(`the ${fault.process} makes no file operations`)
  return { ...fault, point }
}

/** A subject whose operations can't be counted, as when it refuses, can still be judged. */
function asProblem(error: unknown): string {
  if (error instanceof CannotJudge) return error.message
  throw error
}

/** A kill counts only if the process ended by SIGKILL and had announced its point. */
function notKilled(fault: Kill, end: VictimEnd): string | null {
  if (end.killed && end.announced !== undefined) return null
  return `the ${fault.process} was not killed at its point: ${end.ending}`
}

/** A kill as it struck: at the operation that was announced, and after so many bytes of it. */
export function asItStruck(fault: Kill, { announced }: Pick<VictimEnd, 'announced'>): Kill {
  const { bytesShare: _, ...point } = fault.point
  if (announced === undefined) return { ...fault, point }
  const { operation, writtenBytes } = announced
  const within = writtenBytes === undefined ? {} : { writtenBytes }
  return { ...fault, point: { ...point, name: pointName(operation), ...within } }
}

/** Makes the directory, which nothing else may use: what lies in it would be taken for the subject's. */
function makeEmpty(directory: string): void {
  makeDirectories(directory)
  if (readdirSync(directory).length === 0) return
  throw new MachineError('BROKEN', `${directory} is not empty`, 'Choose a folder of its own.')
}

/**
 * Runs the writer and delivers the faults in order: a kill of the writer ends it at its point, a kill
 * of recovery strikes another process that opens the directory, and damage is done behind the log's
 * back. Throws a `MachineError`, a system error, or as the writer does.
 */
export async function deliver(
  faults: FaultToDeliver[],
  options: DeliveryOptions,
): Promise<Delivery> {
  const { home, directory, payloads, subject, writer, operationsOf } = options
  const delivery: Delivery = { acked: 0, faults: [], problem: null }
  const write = async (): Promise<string | null> => {
    const { outcome, acked } = await writer.visit({ subject, directory, append: payloads })
    delivery.acked = acked.length
    if (!('refused' in outcome)) return null
    return `the writer did not finish: ${refusalInWords(outcome.refused)}`
  }
  const kill = async (fault: Kill): Promise<string | null> => {
    const { process, point } = fault
    const entries = process === 'writer' ? payloads : []
    const end = await runVictim({ subject, directory, entries, trace: false, point }, options)
    if (process === 'writer') delivery.acked = end.acked.length
    delivery.faults.push(asItStruck(fault, end))
    return notKilled(fault, end)
  }
  const damage = (fault: Exclude<Fault, Kill>): string | null => {
    delivery.faults.push(fault)
    if (fault.kind === 'bit-rot') {
      return home.rotEntry(directory, fault.entry)
        ? null
        : `there is no entry ${fault.entry} to rot`
    }
    home.leavePhantom(directory, fault.shape, delivery.acked)
    return null
  }

  makeEmpty(directory)
  const [first] = faults
  if (first === undefined) return { ...delivery, problem: 'there was no fault to deliver' }
  if (first.kind !== 'kill' || first.process !== 'writer') {
    const problem = await write()
    if (problem !== null) return { ...delivery, problem }
  }
  for (const planned of faults) {
    const fault = await withPoint(planned, operationsOf).catch(asProblem)
    if (typeof fault === 'string') return { ...delivery, problem: fault }
    delivery.problem = await (fault.kind === 'kill' ? kill(fault) : damage(fault))
    if (delivery.problem !== null) break
  }
  return delivery
}
