import { planIteration } from '../plan/plan.ts'
import { faultOfPlan } from './faults/index.ts'
import type { Iteration } from './iteration.ts'

/** The iterations `from` to `to` (counted from 1) of a seed's plan, ready to be run. */
export function iterationsOfPlan(seed: number, from: number, to: number): Iteration[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const { faults, ...planned } = planIteration(seed, from + index)
    const { entries } = planned.workload
    return { ...planned, faults: faults.map((fault) => faultOfPlan(fault, entries)) }
  })
}
