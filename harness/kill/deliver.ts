import { readdirSync } from 'node:fs'
import type { KeptProcess } from '../disk-subject/kept-process.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { refusalInWords } from '../process/error-report.ts'
import { MachineError } from '../process/machine-error.ts'
import { makeDirectories } from '../process/make-directories.ts'
import { deliverFault, type Fault, type FaultToDeliver, strikesWriter } from './faults/index.ts'
import type { FaultTarget } from './faults/row.ts'

/** What the faults are delivered to: a directory that is made if it isn't there, and must be empty. */
export interface DeliveryOptions extends Omit<FaultTarget, 'acked'> {
  /** Writes what is then damaged: it need not die, so it need not be started anew. */
  writer: KeptProcess
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

/** A subject whose operations can't be counted, as when it refuses, can still be judged. */
function asProblem(error: unknown): string {
  if (error instanceof CannotJudge) return error.message
  throw error
}

/** Makes the directory, which nothing else may use: what lies in it would be taken for the subject's. */
function makeEmpty(directory: string): void {
  makeDirectories(directory)
  if (readdirSync(directory).length === 0) return
  throw new MachineError('BROKEN', `${directory} is not empty`, 'Choose a folder of its own.')
}

/**
 * Runs the writer and delivers the faults in order: one that strikes the writer ends it, and any other finds
 * all that it wrote. Throws a `MachineError`, a system error, or as the writer does.
 */
export async function deliver(
  faults: readonly FaultToDeliver[],
  options: DeliveryOptions,
): Promise<Delivery> {
  const { directory, payloads, subject, writer } = options
  makeEmpty(directory)
  const delivery: Delivery = { acked: 0, faults: [], problem: null }
  const [first] = faults
  if (first === undefined) return { ...delivery, problem: 'there was no fault to deliver' }
  if (!strikesWriter(first)) {
    const { outcome, acked } = await writer.visit({ subject, directory, append: payloads })
    delivery.acked = acked.length
    if ('refused' in outcome) {
      const problem = `the writer did not finish: ${refusalInWords(outcome.refused)}`
      return { ...delivery, problem }
    }
  }
  for (const fault of faults) {
    const struck = await deliverFault(fault, { ...options, acked: delivery.acked }).catch(asProblem)
    if (typeof struck === 'string') return { ...delivery, problem: struck }
    delivery.faults.push(struck.fault)
    delivery.acked = struck.acked ?? delivery.acked
    delivery.problem = struck.problem
    if (delivery.problem !== null) break
  }
  return delivery
}
