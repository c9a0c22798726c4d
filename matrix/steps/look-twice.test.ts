import { expect, test } from 'vitest'
import { lookTwice } from './look-twice.ts'

/** A check whose looks find these problems in turn, and the looks that were taken. */
async function looked(...problems: (string | null)[]) {
  const taken: string[] = []
  const outcome = await lookTwice(
    async (look) => {
      taken.push(look)
      return problems[taken.length - 1] ?? null
    },
    (problem) => problem,
  )
  return { taken, ...outcome }
}

test('a check that finds nothing wrong is made once', async () => {
  expect(await looked(null)).toEqual({
    taken: ['first'],
    result: null,
    failure: null,
    disagreement: null,
    confirmations: { taken: 0, agreed: 0, durationMs: 0 },
  })
})

test('what a check finds wrong twice is a failure, as it was told first', async () => {
  expect(await looked('a hole', 'another hole')).toMatchObject({
    taken: ['first', 'second'],
    result: 'a hole',
    failure: 'a hole',
    disagreement: null,
    confirmations: { taken: 1, agreed: 1 },
  })
})

test('what a check finds wrong once is no failure, and is told', async () => {
  expect(await looked('a hole', null)).toMatchObject({
    result: 'a hole',
    failure: null,
    disagreement: 'it failed, and did not when it was made again: a hole',
    confirmations: { taken: 1, agreed: 0 },
  })
})
