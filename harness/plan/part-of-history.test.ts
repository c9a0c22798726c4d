import { expect, test } from 'vitest'
import { planKilledHistory, planKilledPart } from './killed-history.ts'
import { changesOfPart, partName, partsOf, readPart } from './part-of-history.ts'
import { planRecordedPart } from './recorded-history.ts'

test('a part of a history is named by the changes that it has, and read again', () => {
  for (const name of ['3', '3:2-4', '1:7-7']) expect(partName(readPart(name) as never)).toBe(name)
  expect(readPart('3:2-4.12b')).toEqual({ round: 3, range: { from: 2, to: 4 } })
  expect(readPart('7.12b')).toEqual({ round: 7, range: null })
  for (const name of ['', '0.1b', '1:4-2.1b', '1:0-2.1b', '1:2.1b', 'x']) {
    expect([name, readPart(name)]).toEqual([name, null])
  }
  expect(partsOf(['2.1b', '1:1-2.3b', '2.7a', '1:1-2.4b']).map(partName)).toEqual(['1:1-2', '2'])
})

test('a part keeps the openings of its changes, and one behind them', () => {
  const sessions = [['a', 'b'], ['c'], ['d'], ['e']]
  expect(changesOfPart(sessions, null)).toEqual(sessions)
  expect(changesOfPart(sessions, { from: 2, to: 2 })).toEqual([['b'], []])
  expect(changesOfPart(sessions, { from: 2, to: 3 })).toEqual([['b'], ['c'], []])
  expect(changesOfPart(sessions, { from: 5, to: 9 })).toEqual([['e']])
  expect(changesOfPart(sessions, { from: 6, to: 9 })).toEqual([])
})

test('the changes of a part are those of its history', () => {
  const whole = planKilledHistory('store', 5, 2)
  const part = planKilledPart('store', 5, { round: 2, range: { from: 3, to: 4 } })
  expect(part.sessions.flat()).toEqual(whole.sessions.flat().slice(2, 4))
  expect(part.madeLongAgo).toBe(whole.madeLongAgo)
  const recorded = planRecordedPart('log', 5, { round: 1, range: { from: 1, to: 1 } })
  expect(recorded.sessions.map(({ changes }) => changes.length)).toEqual([1])
})
