import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Crew } from '../../../harness/disk-subject/crew.ts'
import type { Operation } from '../../../harness/disk-subject/operations.ts'
import { everyPoint, type Point } from '../../../harness/disk-subject/point.ts'
import { traceWriter } from '../../../harness/disk-subject/trace.ts'
import type { Fault } from '../../../harness/kill/faults/index.ts'
import type { Iteration, IterationResult } from '../../../harness/kill/iteration.ts'
import { Lanes, type LanesOptions } from '../../../harness/kill/lanes.ts'
import type { Failure } from '../../../harness/oracle/failure.ts'
import {
  type Confirmations,
  confirmationsOf,
  sumOfConfirmations,
} from '../../../harness/oracle/second-look.ts'
import { payloadsOf } from '../../../harness/plan/workload.ts'
import type { Runtime } from '../../../harness/process/runtime.ts'

/** What came of logs written and killed on one architecture, recovered and continued on another. */
export interface PairResult {
  writer: string
  recoverer: string
  iterations: number
  passed: number
  verdict: 'pass' | 'fail' | 'inconclusive'
  failures: Failure[]
  /** Why it is inconclusive, or null. */
  reason: string | null
  /** Second looks at what a first one found wrong. */
  confirmations: Confirmations
}

/** What is written on one architecture and recovered on another. */
export const PAIR_WORKLOAD = { seed: 2, stream: 1, entries: 6 }

/** Kills in the last append: in the middle of its first write, halfway through it, and before its end. */
export function pairCrashes(operations: Operation[]): Point[] {
  const lastAppend = operations.filter(({ during }) => during === `append ${PAIR_WORKLOAD.entries}`)
  const points = everyPoint(lastAppend)
  const within = points.filter(({ moment }) => moment === 'within')
  const before = points.filter(({ moment }) => moment === 'before')
  return [within[1], before[Math.floor(before.length / 2)], before.at(-1)].filter(
    (point) => point !== undefined,
  )
}

function conclude(writer: string, recoverer: string, results: IterationResult[]): PairResult {
  const failures = results.flatMap((result) => result.failures)
  const passed = results.filter(({ verdict }) => verdict === 'pass').length
  const unsure = results.find(({ verdict }) => verdict === 'inconclusive')
  const incomplete = unsure !== undefined || results.length === 0
  return {
    writer,
    recoverer,
    iterations: results.length,
    passed,
    verdict: failures.length > 0 ? 'fail' : incomplete ? 'inconclusive' : 'pass',
    failures,
    reason: incomplete ? (unsure?.reason ?? 'the workload has no point to be killed at') : null,
    confirmations: sumOfConfirmations(results.map(confirmationsOf)),
  }
}

/**
 * Writes logs on `writer` and kills it, has `recoverer` reopen them, append and reopen again, and judges
 * what came back by the oracle. The logs are made below `root`. Throws as `Lanes` and `traceWriter` do.
 */
export async function tryPair(
  writer: Runtime,
  recoverer: Runtime,
  options: Omit<LanesOptions, 'crew' | 'lanes' | 'runtime'>,
): Promise<PairResult> {
  const root = join(options.root, `${writer.arch}-to-${recoverer.arch}`)
  const { home, signal, timeoutMs } = options
  const crew = new Crew({
    home,
    lanes: 1,
    signal,
    runtime: writer,
    recovererRuntime: recoverer,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  })
  const lanes = new Lanes({ ...options, root, crew, runtime: writer })
  try {
    const operations = await traceWriter(
      join(root, 'counted'),
      payloadsOf(PAIR_WORKLOAD),
      lanes.traceOptions,
    )
    const iterations = pairCrashes(operations).map((point, index): Iteration => {
      const fault: Fault = { kind: 'kill', process: 'writer', point }
      return { iteration: index + 1, workload: PAIR_WORKLOAD, faults: [fault] }
    })
    return conclude(writer.arch, recoverer.arch, await lanes.runAll(iterations))
  } finally {
    await lanes.stop()
    await crew.stop()
    rmSync(root, { recursive: true, force: true })
  }
}
