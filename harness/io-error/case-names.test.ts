import { expect, test } from 'vitest'
import { canMeet, readCaseName } from './case-names.ts'
import { REAL_ERROR_KINDS } from './real-errors.ts'
import { REAL_ERRORS } from './told.ts'

test('every way in which a real disk says no is one that a name can tell', () => {
  expect(Object.values(REAL_ERRORS).flat().sort()).toEqual([...REAL_ERROR_KINDS].sort())
})

test.each([
  ['1.12-EIO-reopens', { round: 1, error: 'EIO' }],
  ['3.7-short-half-goes-on', { round: 3, error: 'short-half' }],
  ['2.flush-9', { round: 2, error: 'flush' }],
  ['1.write-12-for-good', { round: 1, error: 'write' }],
  ['1.free-8192-reopens', { round: 1, error: 'free' }],
  ['1.12-EPERM-reopens', null],
  ['1.12b', null],
  ['0.12-EIO-reopens', null],
] as const)('%s is a name of %j', (name, named) => {
  expect(readCaseName(name)).toEqual(named)
})

test.each([
  ['write', 'full-half', true],
  ['create', 'full-half', false],
  ['device', 'flush', true],
  ['device', 'free', false],
  ['volume', 'inodes', true],
  ['teleport', 'EIO', false],
] as const)('%s can meet %s: %s', (operation, error, can) => {
  expect(canMeet(operation, error)).toBe(can)
})
