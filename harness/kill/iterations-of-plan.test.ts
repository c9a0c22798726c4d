import { expect, test } from 'vitest'
import { planIteration } from '../plan/plan.ts'
import { iterationsOfPlan } from './iterations-of-plan.ts'

test('the iterations are those of the plan, from the first asked for to the last', () => {
  const iterations = iterationsOfPlan(3, 5, 8)
  expect(iterations.map(({ iteration }) => iteration)).toEqual([5, 6, 7, 8])
  expect(iterationsOfPlan(3, 6, 6)).toEqual([iterations[1]])
  for (const { iteration, workload } of iterations) {
    expect(workload).toEqual(planIteration(3, iteration).workload)
  }
  expect(iterationsOfPlan(3, 2, 1)).toEqual([])
})

test('kills and phantoms are the plan’s own, and rot strikes an entry of the workload', () => {
  const rotted = new Set<number>()
  for (const { iteration, workload, faults } of iterationsOfPlan(0, 1, 300)) {
    const planned = planIteration(0, iteration).faults
    for (const [index, fault] of faults.entries()) {
      if (fault.kind !== 'bit-rot') {
        expect(fault).toEqual(planned[index])
        continue
      }
      expect(fault.entry).toBeGreaterThanOrEqual(1)
      expect(fault.entry).toBeLessThanOrEqual(workload.entries)
      rotted.add(fault.entry)
    }
  }
  expect(rotted.size).toBeGreaterThan(3)
})
