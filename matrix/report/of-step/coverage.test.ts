import { expect, test } from 'vitest'
import { coverageOf } from './coverage.ts'

test('a line rises where something new came up, and goes on to the end', () => {
  expect(coverageOf('x', ['a', 'a', 'b', 'a'])?.points).toEqual([
    { tried: 0, distinct: 0 },
    { tried: 1, distinct: 1 },
    { tried: 3, distinct: 2 },
    { tried: 4, distinct: 2 },
  ])
  expect(coverageOf('x', [])).toBeNull()
})
