import { expect, test } from 'vitest'
import { beginningOf, epochsOf, promisedAt, withoutFlushes } from './recording.ts'
import { synthetic } from './testing/synthetic.ts'

const write = (sector: number) => ({ sector, fills: [1] })

const RECORDING = synthetic([write(0), 'flush', write(1), write(2), 'flush', write(3)], {
  startPosition: 2,
  promises: { sent: ['"a"', '"b"'], sentAt: [2, 5], ackedAt: [5, 6] },
})

test('what was promised at a position is what had been handed over and acknowledged by then', () => {
  expect(promisedAt(RECORDING, 1)).toEqual({ sent: [], acked: 0, marked: 0 })
  expect(promisedAt(RECORDING, 2)).toEqual({ sent: ['"a"'], acked: 0, marked: 0 })
  expect(promisedAt(RECORDING, 5)).toEqual({ sent: ['"a"', '"b"'], acked: 1, marked: 0 })
  expect(promisedAt(RECORDING, 6)).toEqual({ sent: ['"a"', '"b"'], acked: 2, marked: 0 })
})

test('an epoch is what stands between two flushes, and lasts until the second of them', () => {
  expect(epochsOf(RECORDING)).toEqual([
    { writes: [2, 3], fromPosition: 2, endPosition: 4 },
    { writes: [5], fromPosition: 5, endPosition: 6 },
  ])
})

test('the epoch in which the subject was started is the first', () => {
  expect(epochsOf({ ...RECORDING, startPosition: 1 })).toHaveLength(3)
  expect(epochsOf({ ...RECORDING, startPosition: 5 })).toHaveLength(1)
})

test('without its flushes, everything is in flight, and promises keep their places', () => {
  const lying = withoutFlushes(RECORDING)
  expect(epochsOf(lying)).toEqual([{ writes: [0, 1, 2, 3], fromPosition: 0, endPosition: 4 }])
  expect(lying.promises).toMatchObject({ sentAt: [1, 3], ackedAt: [3, 4] })
  expect(lying.startPosition).toBe(1)
})

test('the beginning of a recording has so many requests of the run, and more where less was acknowledged', () => {
  const lengthOf = (requests: number, acked: number): number =>
    beginningOf(RECORDING, requests, acked).requests.length
  expect([lengthOf(2, 0), lengthOf(2, 1), lengthOf(2, 2), lengthOf(0, 3)]).toEqual([4, 5, 6, 6])
  expect(lengthOf(100, 0)).toBe(RECORDING.requests.length)
  expect(promisedAt(beginningOf(RECORDING, 2, 1), 5)).toEqual(promisedAt(RECORDING, 5))
})
