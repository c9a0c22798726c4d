import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { planErrorHistory } from './error-history.ts'

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)

const KINDS = ['log', 'store', 'file'] as const
const ROUNDS = Array.from({ length: 30 }, (_, at) => at + 1)

test('the plans of histories that meet errors are frozen', () => {
  const histories = KINDS.map((kind) => digest(ROUNDS.map((at) => planErrorHistory(kind, 7, at))))
  expect(histories).toMatchInlineSnapshot(`
    [
      "8fc8f291089c459d",
      "2d0d18f35df01024",
      "a8da87647bc199c0",
    ]
  `)
})

test.each(KINDS)(
  'a history of a %s is ten changes in two openings, each of three or more',
  (kind) => {
    for (const round of ROUNDS) {
      const { sessions, madeLongAgo } = planErrorHistory(kind, 3, round)
      expect(sessions).toHaveLength(2)
      expect(sessions.flat()).toHaveLength(10)
      for (const changes of sessions) expect(changes.length).toBeGreaterThanOrEqual(3)
      expect(madeLongAgo).toBe(round % 2 === 0)
    }
  },
)

test('only every third history has a content that is slow to carry', () => {
  const longest = (round: number): number =>
    Math.max(
      ...planErrorHistory('file', 3, round)
        .sessions.flat()
        .map((each) => JSON.stringify(each).length),
    )
  for (const round of ROUNDS) {
    if (round % 3 === 0) expect(longest(round)).toBeGreaterThan(64 * 1024)
    else expect(longest(round)).toBeLessThan(64 * 1024)
  }
})

test('another seed and another round are other histories', () => {
  const all = [1, 2].flatMap((seed) =>
    ROUNDS.map((at) => digest(planErrorHistory('log', seed, at))),
  )
  expect(new Set(all).size).toBe(all.length)
})
