import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { planIteration } from './plan.ts'
import * as stream from './stream.ts'
import { payloadsOf } from './workload.ts'

vi.mock(import('./stream.ts'), { spy: true })

const anyWorkload = fc.record({
  seed: fc.integer({ min: 0, max: stream.MAX_SEED }),
  stream: fc.integer({ min: 0, max: 20 }),
  entries: fc.integer({ min: 1, max: 10 }),
})

test('the entries of a workload are as many as asked for, and no two are alike', () => {
  fc.assert(
    fc.property(anyWorkload, (workload) => {
      const payloads = payloadsOf(workload).map((payload) => JSON.stringify(payload))
      expect(new Set(payloads).size).toBe(workload.entries)
    }),
  )
})

test('an entry is a JSON object that comes back from JSON as it was, and leaves seq to the log', () => {
  fc.assert(
    fc.property(anyWorkload, (workload) => {
      for (const payload of payloadsOf(workload)) {
        expect(JSON.parse(JSON.stringify(payload))).toEqual(payload)
        expect(payload).not.toHaveProperty('seq')
      }
    }),
  )
})

test('a shorter workload is the beginning of a longer one', () => {
  fc.assert(
    fc.property(anyWorkload, (workload) => {
      const longer = payloadsOf({ ...workload, entries: 10 })
      expect(payloadsOf(workload)).toEqual(longer.slice(0, workload.entries))
    }),
  )
})

test('some entries are longer than a block, and some are shorter than 200 bytes', () => {
  const sizes = [1, 2, 3].flatMap((seed) =>
    payloadsOf({ seed, stream: 1, entries: 50 }).map((payload) => JSON.stringify(payload).length),
  )
  expect(Math.min(...sizes)).toBeLessThan(200)
  expect(Math.max(...sizes)).toBeGreaterThan(4096)
})

test('the plan draws from even streams and the content from odd ones, so that they never mix', () => {
  const asked = vi.mocked(stream.streamOf)
  for (let iteration = 1; iteration <= 20; iteration++) {
    asked.mockClear()
    const { workload } = planIteration(5, iteration)
    expect(asked.mock.calls).toEqual([[5, iteration * 2]])
    asked.mockClear()
    payloadsOf(workload)
    expect(asked.mock.calls).toEqual([[5, iteration * 2 + 1]])
  }
})
