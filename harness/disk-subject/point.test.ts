import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_SHARE } from '../plan/share.ts'
import type { Operation } from './operations.ts'
import { bytesWithin, choosePoint, everyPoint } from './point.ts'

/** Operations of which some are writes, of 0 bytes and more. */
const anyOperations = fc
  .array(fc.option(fc.nat(20), { nil: undefined }), { maxLength: 40 })
  .map((writes) =>
    writes.map(
      (writeBytes, index): Operation => ({
        number: index + 1,
        during: 'append 1',
        name: writeBytes === undefined ? 'wal-sync' : 'wal-write',
        ...(writeBytes === undefined ? {} : { writeBytes }),
      }),
    ),
  )
const SHARES = Array.from({ length: 257 }, (_, i) => Math.min(i * 256, MAX_SHARE))

function write(writeBytes: number): Operation {
  return { number: 1, during: 'append 1', name: 'wal-write', writeBytes }
}

test('before and after, the shares reach every operation and no other', () => {
  fc.assert(
    fc.property(anyOperations, fc.constantFrom('before', 'after'), (operations, moment) => {
      const chosen = SHARES.map(
        (operationShare) =>
          choosePoint({ moment, operationShare, bytesShare: 0 }, operations)?.number,
      )
      const all = operations.length === 0 ? [undefined] : operations.map(({ number }) => number)
      expect([...new Set(chosen)]).toEqual(all)
    }),
    { numRuns: 30 },
  )
})

test('within, the shares reach every write that has an inside and no other operation', () => {
  fc.assert(
    fc.property(anyOperations, (operations) => {
      const points = SHARES.map((operationShare) =>
        choosePoint({ moment: 'within', operationShare, bytesShare: 7 }, operations),
      )
      const writes = operations.filter(({ writeBytes }) => (writeBytes ?? 0) > 1)
      fc.pre(writes.length > 0)
      const numbers = [...new Set(points.map((point) => point?.number))]
      expect(numbers).toEqual(writes.map(({ number }) => number))
      for (const point of points) expect(point).toMatchObject({ moment: 'within', bytesShare: 7 })
    }),
    { numRuns: 30 },
  )
})

test('within, where no write has an inside, is before', () => {
  const sync = { number: 2, during: 'append 1', name: 'wal-sync' }
  const point = { moment: 'within', operationShare: MAX_SHARE, bytesShare: 9 } as const
  expect(choosePoint(point, [write(1), sync])).toEqual({
    moment: 'before',
    number: 2,
    name: 'append 1: wal-sync',
  })
})

test('within a write at least its first byte is done and at least its last is not', () => {
  const bytes = fc.integer({ min: 2, max: 100_000 })
  fc.assert(
    fc.property(
      bytes,
      fc.nat(MAX_SHARE),
      fc.nat(200_000),
      (writeBytes, bytesShare, writtenBytes) => {
        const point = { moment: 'within', number: 1, name: '' } as const
        for (const done of [
          bytesWithin({ ...point, bytesShare }, writeBytes),
          bytesWithin({ ...point, writtenBytes }, writeBytes),
          bytesWithin(point, writeBytes),
        ]) {
          expect(done).toBeGreaterThanOrEqual(1)
          expect(done).toBeLessThan(writeBytes)
        }
      },
    ),
  )
})

test('the shares of a write’s bytes reach its first byte and its last but one', () => {
  const within = (bytesShare: number) =>
    bytesWithin({ moment: 'within', number: 1, name: '', bytesShare }, 1000)
  expect([within(0), within(MAX_SHARE)]).toEqual([1, 999])
})

test('a number of bytes is taken as it is, and before a share', () => {
  const point = { moment: 'within', number: 1, name: '', bytesShare: 9 } as const
  expect(bytesWithin({ ...point, writtenBytes: 37 }, 100)).toBe(37)
})

test('every point is before, after, and at most three places within, once each', () => {
  fc.assert(
    fc.property(anyOperations, (operations) => {
      const points = everyPoint(operations)
      const inside = operations.map(({ writeBytes }) =>
        Math.max(0, Math.min(3, (writeBytes ?? 0) - 1)),
      )
      const count = inside.reduce((sum, each) => sum + each, 2 * operations.length)
      expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(count)
      expect(points).toHaveLength(count)
    }),
  )
})

test('the places within a write are after its first byte, in its middle, and before its last', () => {
  const insides = (writeBytes: number) =>
    everyPoint([write(writeBytes)]).flatMap(({ writtenBytes }) => writtenBytes ?? [])
  expect(insides(101)).toEqual([1, 51, 100])
  expect(insides(3)).toEqual([1, 2])
  expect(insides(2)).toEqual([1])
  expect(insides(1)).toEqual([])
})

test('a point is named by what the subject does there', () => {
  const operation = { number: 4, during: 'append 2', name: 'wal-sync' }
  expect(everyPoint([operation])).toEqual([
    { moment: 'before', number: 4, name: 'append 2: wal-sync' },
    { moment: 'after', number: 4, name: 'append 2: wal-sync' },
  ])
})
