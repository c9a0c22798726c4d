import { expect, test } from 'vitest'
import { isOfItsOwn, outsideOf } from './user-namespace.ts'

const ALL = '         0          0 4294967295\n'
/** As unshare --map-root-user makes it. */
const ROOT_ALONE = '         0      65534          1\n'
const CONTAINER = '         0       1000          1\n         1     100000      65536\n'

test('a map that changes no number is that of the machine', () => {
  expect([ALL, ROOT_ALONE, CONTAINER].map(isOfItsOwn)).toEqual([false, true, true])
})

test('a user has the number of outside', () => {
  expect([outsideOf(ALL, 0), outsideOf(ALL, 65534)]).toEqual([0, 65534])
  expect(outsideOf(ROOT_ALONE, 0)).toBe(65534)
  expect([outsideOf(CONTAINER, 0), outsideOf(CONTAINER, 33)]).toEqual([1000, 100_032])
})
