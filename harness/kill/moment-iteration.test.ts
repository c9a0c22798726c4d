import { join } from 'node:path'
import { expect, test } from 'vitest'
import { planMoment } from '../plan/moment.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { ASYNC_FILE, LINES_LOG, misbehaving, PYTHON_STORE } from '../testing/described.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { runMomentIteration } from './moment-iteration.ts'

async function run(subject: DescribedSubject, iterations: number, seed = 1) {
  const directory = join(temporaryDirectory(), 'subject')
  const results = []
  for (let number = 1; number <= iterations; number++) {
    results.push(await runMomentIteration(planMoment(seed, number), { subject, seed, directory }))
  }
  return results
}

test.each([
  ['a log', LINES_LOG],
  ['a file', ASYNC_FILE],
  ['a store in Python', PYTHON_STORE],
])('%s that is durable survives kills at moments', async (_, subject) => {
  const results = await run(subject, 8)
  expect(results.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
  expect(results.some(({ acked, sent }) => acked < sent)).toBe(true)
})

test('a log that is kept in memory alone is caught, and a second look says the same', async () => {
  const results = await run(misbehaving('keeps-in-memory'), 6)
  const failed = results.filter(({ verdict }) => verdict === 'fail')
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.every(({ failures }) => failures.at(-1)?.name === 'wrong-next')).toBe(true)
  expect(failed.some(({ failures }) => failures[0]?.name === 'acked-lost')).toBe(true)
})

test('a subject that refuses before any fault makes an iteration inconclusive', async () => {
  const results = await run(misbehaving('refuses'), 6)
  const told = results.filter(({ moment }) => moment.afterAcks > 0)
  expect(told.length).toBeGreaterThan(0)
  expect(new Set(told.map(({ reason }) => reason))).toEqual(
    new Set(['change 1 was refused before any fault: read-only']),
  )
})
