import { expect, test } from 'vitest'
import { withoutAbsent } from './absent-points.ts'
import { NOT_KILLED } from './kill-at-operation.ts'

const results = (...all: boolean[]) => all.map((came) => ({ ...NOT_KILLED, came }))

test('points that did not come are counted and say nothing, as long as half of them came', () => {
  expect(withoutAbsent(results(true, false))).toEqual({ came: results(true), absent: 1 })
  expect(withoutAbsent(results(true, true))).toEqual({ came: results(true, true), absent: 0 })
  expect(withoutAbsent([])).toEqual({ came: [], absent: 0 })
})

test('where most points did not come, each is a case without a verdict', () => {
  const most = results(true, false, false)
  expect(withoutAbsent(most)).toEqual({ came: most, absent: 0 })
})
