import { expect, test } from 'vitest'
import { paceInWords } from './pace.ts'

test.each([
  ['nothing done yet', { done: 0, of: 20, elapsedMs: 9_000, forMs: null }, ''],
  ['too early to tell', { done: 5, of: 20, elapsedMs: 999, forMs: null }, ''],
  ['of so many', { done: 5, of: 20, elapsedMs: 2_000, forMs: null }, ', 2.5/s, 6 s left'],
  ['without number', { done: 50, of: null, elapsedMs: 2_000, forMs: null }, ', 25/s'],
  [
    'as long as it may take',
    { done: 50, of: null, elapsedMs: 2_000, forMs: 8_500 },
    ', 25/s, 7 s left',
  ],
  [
    'of so many, sooner than it may take',
    { done: 5, of: 6, elapsedMs: 5_000, forMs: 60_000 },
    ', 1.0/s, 1 s left',
  ],
  ['slow', { done: 1, of: 31, elapsedMs: 20_000, forMs: null }, ', 3.0/min, 10 min left'],
  ['the last one', { done: 20, of: 20, elapsedMs: 20_000, forMs: null }, ', 1.0/s'],
  ['longer than it may take', { done: 20, of: null, elapsedMs: 20_000, forMs: 19_000 }, ', 1.0/s'],
])('%s', (_, pace, words) => {
  expect(paceInWords({ ...pace, made: pace.done, madeMs: pace.elapsedMs })).toBe(words)
})

test('what came before the first one slows nothing down, and takes of the time that there is', () => {
  const pace = { done: 11, of: null, made: 10, madeMs: 5_000, elapsedMs: 20_000, forMs: 30_000 }
  expect(paceInWords(pace)).toBe(', 2.0/s, 10 s left')
})
