import { expect, test } from 'vitest'
import { isLossName, lossName, lostIn, smallStates, stateNamed } from './losses.ts'
import { statesOf } from './states.ts'
import { synthetic } from './testing/synthetic.ts'

const RECORDING = synthetic([
  { sector: 0, fills: [1, 2] },
  'flush',
  { sector: 8, fills: [3, 4, 5] },
  { sector: 16, fills: [6] },
  { sector: 24, fills: [7] },
  'flush',
])

test('every state of a recording is found again by the name of its loss', () => {
  const { distinct } = statesOf(RECORDING, 1)
  expect(distinct.length).toBeGreaterThan(15)
  for (const state of distinct) {
    const name = lossName(state) as string
    expect([name, isLossName(name)]).toEqual([name, true])
    const { kept, tear, epoch } = stateNamed(RECORDING, name) ?? {}
    expect([name, kept, tear, epoch]).toEqual([name, state.kept, state.tear, state.epoch])
  }
})

test('the smallest states lose nothing in flight, or one write, from the first cut on', () => {
  const names = smallStates(RECORDING).map(lossName)
  expect(names).toEqual(['c1', 'c1-l0', 'c5', 'c5-l2', 'c5-l3', 'c5-l4', 'c6'])
  expect(smallStates(RECORDING).map((state) => lostIn(state).length)).toEqual([0, 1, 0, 1, 1, 1, 0])
})

test('a torn write is among those that are lost', () => {
  const state = stateNamed(RECORDING, 'c5-l4-t2x0x512')
  expect(state && lostIn(state)).toEqual([2, 4])
  expect(state?.kind).toBe('torn')
})

test.each([
  ['c2', 'no cut of it'],
  ['c5-l0', 'a write of another cut'],
  ['c5-t2x0x513', 'half a sector'],
  ['c5-t2x512x512', 'nothing of it'],
  ['c5-t2x0x4096', 'more than there is'],
  ['c5-l2-t2x0x512', 'torn and lost'],
  ['c5-l', 'no name'],
  ['5', 'no name'],
])('%s is no state of a recording: %s', (name) => {
  expect(stateNamed(RECORDING, name)).toBeUndefined()
})
