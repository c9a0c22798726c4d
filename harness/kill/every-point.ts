import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { KeptProcess } from '../disk-subject/kept-process.ts'
import type { Operation } from '../disk-subject/operations.ts'
import { everyPoint, type Point } from '../disk-subject/point.ts'
import { type TraceOptions, traceRecovery, traceWriter } from '../disk-subject/trace.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { payloadsOf, type Workload } from '../plan/workload.ts'
import { deliver } from './deliver.ts'
import type { Fault } from './faults/index.ts'
import type { Iteration } from './iteration.ts'

/** More beyond the safe point than a crash can leave: our log's recovery copies it before it cuts. */
const TO_BE_KEPT: Fault = { kind: 'phantom', shape: 'frames' }

/** Crashes in the last append that leave recovery something to do: torn and whole writes. */
function crashesToRecoverFrom(operations: Operation[]): Point[] {
  const lastAppend = operations.at(-1)?.during
  const writes = operations.filter(
    ({ during, writeBytes }) => during === lastAppend && writeBytes !== undefined,
  )
  return everyPoint(writes).filter(({ moment, writtenBytes }) =>
    moment === 'within' ? (writtenBytes ?? 0) > 1 : moment === 'after',
  )
}

const crashAt = (point: Point): Fault => ({ kind: 'kill', process: 'writer', point })

/** The first faults after which recovery is killed at each of its operations: it has something to do, or to keep. */
export function faultsToRecoverFrom(operations: Operation[]): Fault[] {
  return [...crashesToRecoverFrom(operations).map(crashAt), TO_BE_KEPT]
}

/**
 * The iterations that kill a workload at every one of its points, from the operations that were counted:
 * those of the writer, and those of the recovery after each of its `faultsToRecoverFrom`.
 */
export function iterationsThrough(
  workload: Workload,
  operations: Operation[],
  recoveries: Operation[][],
): Iteration[] {
  const faults: Fault[][] = everyPoint(operations).map((point) => [crashAt(point)])
  for (const [index, first] of faultsToRecoverFrom(operations).entries()) {
    for (const point of everyPoint(recoveries[index] ?? [])) {
      faults.push([first, { kind: 'kill', process: 'recovery', point }])
    }
  }
  return faults.map((each, index) => ({ iteration: index + 1, workload, faults: each }))
}

/**
 * The iterations that kill a workload at every one of its points: before, within and after each
 * operation of open and append; and, after a crash that leaves recovery something to do, or damage that
 * leaves it something to keep, before, within and after each operation of recovery. It counts them by running the workload in `scratch`,
 * a folder for it alone, which it removes. Throws `CannotJudge`, and as running a process does.
 */
export async function iterationsAtEveryPoint(
  workload: Workload,
  scratch: string,
  options: TraceOptions,
): Promise<Iteration[]> {
  const payloads = payloadsOf(workload)
  const recoverer = new KeptProcess(options)
  try {
    const operations = await traceWriter(join(scratch, 'writer'), payloads, options)
    const recoveries: Operation[][] = []
    for (const [index, first] of faultsToRecoverFrom(operations).entries()) {
      const directory = join(scratch, `crash-${index + 1}`)
      const { problem } = await deliver([first], {
        ...options,
        directory,
        payloads,
        writer: recoverer,
        operationsOf: async () => operations,
      })
      if (problem !== null) throw new CannotJudge(problem)
      recoveries.push(await traceRecovery(directory, { ...options, recoverer }))
    }
    return iterationsThrough(workload, operations, recoveries)
  } finally {
    await recoverer.stop()
    rmSync(scratch, { recursive: true, force: true })
  }
}
