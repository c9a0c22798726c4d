import { cpSync, rmSync } from 'node:fs'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { DEFAULT_ENTRIES } from '../plan/plan.ts'
import type { Workload } from '../plan/workload.ts'
import { refusalInWords } from '../process/error-report.ts'
import { makeDirectories } from '../process/make-directories.ts'
import type { KeptProcess } from './kept-process.ts'
import type { Operation } from './operations.ts'
import { runVictim, type VictimOptions } from './run-victim.ts'
import type { Payload } from './subject.ts'

/** What a writer's operations are counted with: a shorter workload makes the first of the same. */
export const LONGEST_WORKLOAD: Workload = { seed: 0, stream: 0, entries: DEFAULT_ENTRIES.max }

/** What is traced, and how long it may take. */
export interface TraceOptions extends VictimOptions {
  subject: string
}

function cannotCount(subject: string, why: string): CannotJudge {
  return new CannotJudge(`the operations of ${subject} could not be counted: ${why}`)
}

/**
 * Counts the operations of opening the subject and appending `entries`, in an empty `directory` that
 * is made for it and removed. Throws `CannotJudge`, and what running a victim throws.
 */
export async function traceWriter(
  directory: string,
  entries: Payload[],
  { subject, ...options }: TraceOptions,
): Promise<Operation[]> {
  try {
    makeDirectories(directory)
    const end = await runVictim({ subject, directory, entries, trace: true }, options)
    if (!end.done) throw cannotCount(subject, end.ending)
    return end.operations.filter(({ during }) => during !== 'close')
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Counts the operations of recovering `directory`, on a copy of it. Throws as the recoverer does. */
export async function traceRecovery(
  directory: string,
  { subject, recoverer }: { subject: string; recoverer: KeptProcess },
): Promise<Operation[]> {
  const copy = `${directory}.counted`
  try {
    cpSync(directory, copy, { recursive: true })
    const { outcome, operations } = await recoverer.visit({ subject, directory: copy, trace: true })
    if ('refused' in outcome) throw cannotCount(subject, refusalInWords(outcome.refused))
    return operations
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** Those of the operations that a workload of only `entries` entries would make. */
export function operationsUpTo(operations: Operation[], entries: number): Operation[] {
  return operations.filter(({ during }) => {
    const append = /^append (\d+)$/.exec(during)?.[1]
    return append === undefined || Number(append) <= entries
  })
}
