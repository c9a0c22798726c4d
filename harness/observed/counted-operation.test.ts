import { expect, test } from 'vitest'
import { countedOperation, operationInWords } from './counted-operation.ts'
import { operation } from './testing/operation.ts'

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

test.each([
  ['what is no write', { kind: 'truncate' }],
  ['what the kernel writes back by itself', { cached: true }],
  ['a write past the page cache', { direct: true }],
] as const)('%s has no inside', (_, more) => {
  const large = operation(1, { lengthBytes: 10_000, ...more })
  expect(countedOperation(large, 'open').stopsBytes).toEqual([])
})

test('an operation is told by what it does to which of the subject’s files', () => {
  expect(operationInWords(operation(1, {}))).toBe('write log')
  expect(operationInWords(operation(1, { kind: 'fsyncdir', path: 'subject' }))).toBe('fsyncdir .')
  const rename = { kind: 'rename', path: 'subject/a/b', to: 'subject/a/c' } as const
  expect(operationInWords(operation(1, rename))).toBe('rename a/b to a/c')
  const exchange = { ...rename, kind: 'exchange' } as const
  expect(operationInWords(operation(1, exchange))).toBe('exchange a/b with a/c')
})
