import { planIteration } from '../plan/plan.ts'
import { shareOf } from '../plan/share.ts'
import type { Iteration } from './iteration.ts'

/** The iterations `from` to `to` (counted from 1) of a seed's plan, ready to be run. */
export function iterationsOfPlan(seed: number, from: number, to: number): Iteration[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const { iteration, workload, faults } = planIteration(seed, from + index)
    return {
      iteration,
      workload,
      faults: faults.map((fault) =>
        fault.kind === 'bit-rot'
          ? { kind: 'bit-rot', entry: 1 + shareOf(workload.entries, fault.entryShare) }
          : fault,
      ),
    }
  })
}
