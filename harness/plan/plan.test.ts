import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PlannedIteration, planIteration } from './plan.ts'
import { MAX_SEED } from './stream.ts'
import { payloadsOf } from './workload.ts'

const SEEDS = [0, 1, 42, MAX_SEED]
const ITERATIONS = [1, 2, 3, 4, 5, 20, 1000]
const MANY = SEEDS.flatMap((seed) =>
  Array.from({ length: 250 }, (_, index) => planIteration(seed, index + 1)),
)
const FAULTS = MANY.flatMap(({ faults }) => faults)

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

test('a seed means what it has always meant', () => {
  const path = new URL('./plans.frozen.json', import.meta.url)
  const frozen: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const planned = SEEDS.flatMap((seed) =>
    ITERATIONS.map((iteration) => {
      const plan = planIteration(seed, iteration)
      return { seed, ...plan, payloadsSha256: sha256(payloadsOf(plan.workload)) }
    }),
  )
  expect(
    planned,
    'plans.frozen.json may never be regenerated: old evidence is replayed by its seed. Undo the change to the plan.',
  ).toEqual(frozen)
})

test('the plan of an iteration does not depend on which others were asked for, or when', () => {
  const wanted = fc.record({
    seed: fc.constantFrom(...SEEDS),
    iteration: fc.integer({ min: 1, max: 30 }),
  })
  const alone = new Map<string, PlannedIteration>()
  for (const seed of SEEDS) {
    for (let iteration = 30; iteration >= 1; iteration--) {
      alone.set(`${seed} ${iteration}`, planIteration(seed, iteration))
    }
  }
  fc.assert(
    fc.property(fc.array(wanted, { minLength: 1 }), (list) => {
      for (const { seed, iteration } of list) {
        const plan = planIteration(seed, iteration)
        expect(plan).toEqual(alone.get(`${seed} ${iteration}`))
        payloadsOf(plan.workload)
      }
    }),
  )
})

test('every kind of fault occurs, and every moment of a kill in the writer and in recovery', () => {
  const kinds = FAULTS.map((fault) => {
    if (fault.kind === 'kill') return `${fault.process} ${fault.point.moment}`
    return fault.kind === 'phantom' ? `phantom ${fault.shape}` : fault.kind
  })
  expect([...new Set(kinds)].sort()).toEqual([
    'bit-rot',
    'phantom frame',
    'phantom huge-length',
    'phantom partial',
    'phantom zeros',
    'recovery after',
    'recovery before',
    'recovery within',
    'writer after',
    'writer before',
    'writer within',
  ])
})

test('recovery is killed only after a kill of the writer, and damage is done alone', () => {
  const shapes = MANY.map(({ faults }) =>
    faults.map((fault) => (fault.kind === 'kill' ? fault.process : fault.kind)).join(' then '),
  )
  expect([...new Set(shapes)].sort()).toEqual([
    'bit-rot',
    'phantom',
    'writer',
    'writer then recovery',
  ])
})

test('iterations have 1 to 10 entries, and each number of them occurs', () => {
  const counts = new Set(MANY.map(({ workload }) => workload.entries))
  expect([...counts].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('drawn shares reach from the first sixteenth to the last', () => {
  const points = FAULTS.flatMap((fault) => (fault.kind === 'kill' ? [fault.point] : []))
  for (const shares of [
    points.map(({ operationShare }) => operationShare),
    points.map(({ bytesShare }) => bytesShare),
    FAULTS.flatMap((fault) => (fault.kind === 'bit-rot' ? [fault.entryShare] : [])),
  ]) {
    expect(Math.min(...shares)).toBeLessThan(4096)
    expect(Math.max(...shares)).toBeGreaterThan(61440)
    expect(shares.every((share) => share >= 0 && share <= 65535)).toBe(true)
  }
})
