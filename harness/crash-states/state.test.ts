import { expect, test } from 'vitest'
import { isStateInWords, stateInWords } from './state.ts'
import { statesOf } from './states.ts'
import { synthetic } from './testing/synthetic.ts'

const RECORDING = synthetic([
  { sector: 0, fills: [1, 2, 3] },
  { sector: 8, fills: [4] },
  'flush',
  { sector: 16, fills: [5, 6] },
  { sector: 0, fills: [7] },
  { sector: 24, fills: [8] },
  'flush',
])

test('every state is told in words that are known for a state’s', () => {
  const { distinct } = statesOf(RECORDING, 1)
  expect(new Set(distinct.map(({ kind }) => kind)).size).toBeGreaterThan(3)
  for (const state of distinct) expect(isStateInWords(stateInWords(state))).toBe(true)
})

test.each([
  'something else',
  'power cut at 5: prefix, 3 of 2 writes in flight kept',
  'power cut at 1: prefix, 1 of 2 writes in flight kept',
  'power cut at 5: half, 1 of 2 writes in flight kept',
  'power cut at 5: only-one, 2 of 3 writes in flight kept',
  'power cut at 5: all-but-one, 1 of 3 writes in flight kept',
  'power cut at 5: torn, 1 of 2 writes in flight kept',
  'power cut at 5: prefix, 1 of 2 writes in flight kept, of write 3 only the bytes 0 to 512',
  'power cut at 5: torn, 1 of 2 writes in flight kept, of write 3 only the bytes 512 to 512',
  'power cut at 5: torn, 1 of 2 writes in flight kept, of write 9 only the bytes 0 to 512',
  'power cut at 5: prefix, 1 of 2 writes in flight kept; gate: pass',
])('%j tells of no state that there can be', (text) => {
  expect(isStateInWords(text)).toBe(false)
})
