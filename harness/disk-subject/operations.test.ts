import { expect, test } from 'vitest'
import { operationName, pointInWords } from './operations.ts'

test('an operation is called by its file and what is done to it', () => {
  expect(operationName({ name: 'sizeBytes', path: '/there/log', args: [] })).toBe('log-size')
  expect(operationName({ name: 'syncDirectory', path: '/there', args: [] })).toBe('directory-sync')
  const roleOf = (file: string): string => `the-${file}`
  expect(operationName({ name: 'write', path: '/there/log', args: [] }, roleOf)).toBe(
    'the-log-write',
  )
})

test('a point in words says what was done, where, and how much of it', () => {
  const point = { moment: 'within', number: 21, name: 'append 3: wal-write' }
  expect(pointInWords(point)).toBe('append 3: within wal-write (operation 21)')
  expect(pointInWords({ ...point, writtenBytes: 5 })).toBe(
    'append 3: within wal-write (operation 21, after 5 bytes)',
  )
})
