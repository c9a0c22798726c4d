import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Operation } from '../disk-subject/operations.ts'
import { everyPoint } from '../disk-subject/point.ts'
import { traceWriter } from '../disk-subject/trace.ts'
import { type Fault, faultsInWords } from '../kill/faults/index.ts'
import type { Iteration, IterationResult } from '../kill/iteration.ts'
import { Lanes, type LanesOptions } from '../kill/lanes.ts'
import type { FailureName } from '../oracle/failure.ts'
import { payloadsOf } from '../plan/workload.ts'
import type { Control } from './control.ts'

/** How a control fared. */
export interface ControlResult {
  name: string
  defect: string
  expectation: 'caught' | 'unseen'
  caught: boolean
  /** The failure that it was caught by, and the faults that showed it, in words. */
  failure: FailureName | null
  by: string | null
  /** How many iterations it took, or how many did not show it; those that are inconclusive don't count. */
  iterations: number
  why: string | null
}

/** What a control writes. */
export const ORDEAL_WORKLOAD = { seed: 0, stream: 0, entries: 2 }
/** So many iterations are run before the next look at what they found. */
export const ORDEAL_BATCH = 4

/**
 * What a control is put through, from the operations of its writer: damage behind its back, then a kill
 * at every point of its last append.
 */
export function ordealOf(operations: Operation[]): (Iteration & { faults: Fault[] })[] {
  const lastAppend = operations.filter(
    ({ during }) => during === `append ${ORDEAL_WORKLOAD.entries}`,
  )
  const faults: Fault[] = [
    { kind: 'bit-rot', entry: 1 },
    { kind: 'phantom', shape: 'frame' },
    ...everyPoint(lastAppend).map((point): Fault => ({ kind: 'kill', process: 'writer', point })),
  ]
  return faults.map((fault, index) => ({
    iteration: index + 1,
    workload: ORDEAL_WORKLOAD,
    faults: [fault],
  }))
}

/** How a control fared: the iteration that failed, and how many it took. */
export function resultOf(
  { subject, defect, unseenBecause }: Control,
  caughtBy: Pick<IterationResult, 'faults' | 'failures'> | undefined,
  iterations: number,
): ControlResult {
  return {
    name: subject.name,
    defect,
    expectation: unseenBecause === undefined ? 'caught' : 'unseen',
    caught: caughtBy !== undefined,
    failure: caughtBy?.failures[0]?.name ?? null,
    by: caughtBy === undefined ? null : faultsInWords(caughtBy.faults),
    iterations,
    why: unseenBecause ?? null,
  }
}

/**
 * Puts a control through the same faults and the same oracle as the subject, until a failure is found.
 * A run which does not find it has not shown that it would have found a bug. Throws `CannotJudge` when
 * the operations of the control can't be counted, and as the lanes do.
 */
export async function catchControl(
  control: Control,
  options: Omit<LanesOptions, 'subject'>,
): Promise<ControlResult> {
  const { name } = control.subject
  const root = join(options.root, name)
  const lanes = new Lanes({ ...options, root, subject: name })
  let iterations = 0
  let caughtBy: IterationResult | undefined
  try {
    const scratch = join(root, 'counted')
    const payloads = payloadsOf(ORDEAL_WORKLOAD)
    const waiting = ordealOf(await traceWriter(scratch, payloads, lanes.traceOptions))
    while (caughtBy === undefined && waiting.length > 0) {
      const results = await lanes.runAll(waiting.splice(0, ORDEAL_BATCH))
      iterations += results.filter(({ verdict }) => verdict !== 'inconclusive').length
      caughtBy = results.find(({ verdict }) => verdict === 'fail')
    }
  } finally {
    await lanes.stop()
    rmSync(root, { recursive: true, force: true })
  }
  return resultOf(control, caughtBy, iterations)
}
