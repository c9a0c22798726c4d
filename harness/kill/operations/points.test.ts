import { expect, test } from 'vitest'
import type { Operation } from '../../passthrough/operation.ts'
import {
  countedOperation,
  operationInWords,
  operationPointInWords,
  pointOf,
  pointsAt,
} from './points.ts'

const operation = (n: number, more: Partial<Operation>): Operation =>
  ({
    n,
    kind: 'write',
    path: 'subject/log',
    to: '',
    offsetBytes: 0,
    lengthBytes: 10,
    ...more,
  }) as Operation

const stopsOf = (offsetBytes: number, lengthBytes: number): readonly number[] =>
  countedOperation(operation(1, { offsetBytes, lengthBytes }), 'put 1').stopsBytes

test.each([
  ['within one page', 0, 4096, []],
  ['of one page and a byte', 0, 4097, [4096]],
  ['that begins in a page', 4000, 200, [96]],
  ['of two pages in three', 4000, 8192, [96, 4192]],
  ['of many pages: first, in the middle, last', 0, 41_000, [4096, 20_480, 40_960]],
] as const)('a write %s is stopped between pages of the file', (_, offset, length, stops) => {
  expect(stopsOf(offset, length)).toEqual(stops)
})

test('what is no write, and what the kernel writes back by itself, has no inside', () => {
  const large = { lengthBytes: 10_000 }
  expect(countedOperation(operation(1, { ...large, kind: 'truncate' }), 'open').stopsBytes).toEqual(
    [],
  )
  expect(countedOperation(operation(1, { ...large, cached: true }), 'open').stopsBytes).toEqual([])
})

test('an operation is told by what it does to which of the subject’s files', () => {
  expect(operationInWords(operation(1, {}))).toBe('write log')
  expect(operationInWords(operation(1, { kind: 'fsyncdir', path: 'subject' }))).toBe('fsyncdir .')
  const rename = { kind: 'rename', path: 'subject/a/b', to: 'subject/a/c' } as const
  expect(operationInWords(operation(1, rename))).toBe('rename a/b to a/c')
})

const COUNTED = [
  countedOperation(operation(1, { kind: 'create' }), 'open'),
  countedOperation(operation(2, { lengthBytes: 5000 }), 'append 1'),
]

test('every point is before, within or after an operation; those that differ on the disk come first', () => {
  expect(pointsAt(COUNTED).map(operationPointInWords)).toEqual([
    'open: before create log (operation 1)',
    'append 1: before write log (operation 2)',
    'append 1: within write log (operation 2, after 4096 bytes)',
    'open: after create log (operation 1)',
    'append 1: after write log (operation 2)',
  ])
})

test('shares mean an operation, and a write that has an inside', () => {
  const share = (moment: 'before' | 'within' | 'after', operationShare: number) =>
    pointOf({ moment, operationShare, bytesShare: 65_535 }, COUNTED)
  expect(share('before', 0)).toMatchObject({ moment: 'before', number: 1 })
  expect(share('after', 65_535)).toMatchObject({ moment: 'after', number: 2 })
  expect(share('within', 0)).toMatchObject({ moment: 'within', number: 2, writtenBytes: 4096 })
  const [create] = COUNTED.slice(0, 1)
  const point = { moment: 'within', operationShare: 0, bytesShare: 0 } as const
  expect(pointOf(point, create === undefined ? [] : [create])).toMatchObject({ moment: 'before' })
  expect(pointOf(point, [])).toBeUndefined()
})
