import { expect, test } from 'vitest'
import type { Operation } from './operation.ts'
import { whatIsSynced } from './what-is-synced.ts'

const operation = (kind: Operation['kind'], file: number, more: Partial<Operation> = {}) =>
  ({ kind, file, done: true, lost: false, synced: false, ...more }) as Operation

const left = (...operations: Operation[]): number[] =>
  whatIsSynced(operations).map((each) => operations.indexOf(each))

test('a write is left that a sync of its file came behind', () => {
  expect(left(operation('write', 1), operation('fsync', 1), operation('write', 1))).toEqual([0, 1])
  expect(left(operation('write', 1), operation('fsync', 2))).toEqual([1])
})

test('a sync that failed, or lost what it covered, leaves nothing', () => {
  const failed = operation('fsync', 1, { done: false })
  const lost = operation('fsync', 1, { done: true, lost: true })
  expect(left(operation('write', 1), failed)).toEqual([1])
  expect(left(operation('write', 1), lost)).toEqual([1])
})

test('a write that is durable by itself is left, and so is every name and length', () => {
  expect(left(operation('write', 1, { synced: true }))).toEqual([0])
  const names = (['create', 'rename', 'unlink', 'truncate', 'fsyncdir'] as const).map((kind) =>
    operation(kind, 1),
  )
  expect(left(...names)).toEqual([0, 1, 2, 3, 4])
})
