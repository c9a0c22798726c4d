import { expect, test } from 'vitest'
import { countedOperation } from '../../observed/counted-operation.ts'
import { operation } from '../../observed/testing/operation.ts'
import { operationPointInWords, pointOf, pointsAt } from './points.ts'

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
