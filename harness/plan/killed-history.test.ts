import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { planKilledHistory, planOperationKill, shuffledBy } from './killed-history.ts'

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)

const KINDS = ['log', 'store', 'file'] as const
const ROUNDS = Array.from({ length: 30 }, (_, at) => at + 1)

test('the plans of kills at operations are frozen', () => {
  const histories = KINDS.map((kind) =>
    digest([1, 2, 3].map((round) => planKilledHistory(kind, 7, round))),
  )
  const kills = digest(ROUNDS.map((iteration) => planOperationKill(7, iteration)))
  const order = digest(shuffledBy(7, ROUNDS))
  expect({ histories, kills, order }).toMatchInlineSnapshot(`
    {
      "histories": [
        "20487086012ee520",
        "93565813795f1dda",
        "77f3888962e23042",
      ],
      "kills": "8841293a0828ce70",
      "order": "7c9eb1f164cad920",
    }
  `)
})

test.each(KINDS)(
  'a history of a %s has two openings that make changes, and every third is long',
  (kind) => {
    for (const round of ROUNDS) {
      const { sessions, madeLongAgo } = planKilledHistory(kind, 3, round)
      expect(sessions.map((changes) => changes.length > 0)).toEqual([true, true])
      const { length } = sessions.flat()
      const [least, most] = round % 3 === 0 ? [30, 70] : [9, 14]
      expect(length).toBeGreaterThanOrEqual(least)
      expect(length).toBeLessThanOrEqual(most)
      expect(madeLongAgo).toBe(round % 2 === 0)
    }
  },
)

test('iterations go through three histories in turns, and strike before, within and after', () => {
  const planned = ROUNDS.map((iteration) => planOperationKill(3, iteration))
  expect(planned.map(({ round }) => round)).toEqual(ROUNDS.map((at) => 1 + ((at - 1) % 3)))
  expect(new Set(planned.map(({ point }) => point.moment))).toEqual(
    new Set(['before', 'within', 'after']),
  )
})

test('an order has each thing once, another one by another seed', () => {
  const one = shuffledBy(1, ROUNDS)
  expect(one.toSorted((a, b) => a - b)).toEqual(ROUNDS)
  expect(one).not.toEqual(ROUNDS)
  expect(shuffledBy(2, ROUNDS)).not.toEqual(one)
})
