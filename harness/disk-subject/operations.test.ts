import { expect, test } from 'vitest'
import { operationName, pointInWords } from './operations.ts'

test.each([
  ['write', '/log/telemetry.wal', 'wal-write'],
  ['sync', '/log/telemetry.wal', 'wal-sync'],
  ['sizeBytes', '/log/telemetry.wal', 'wal-size'],
  ['rename', '/log/telemetry.safe_seq.tmp', 'safe-seq-tmp-rename'],
  ['exists', '/log/telemetry.safe_seq', 'safe-seq-exists'],
  ['syncDirectory', '/log', 'directory-sync'],
  ['look', '/log/telemetry.wal', 'wal-look'],
  ['peek', '/log/telemetry.safe_seq', 'safe-seq-peek'],
  ['rename', '/log/telemetry.wal.cut.tmp', 'cut-tmp-rename'],
  ['look', '/log/telemetry.wal.cut-60.2', 'cut-look'],
  ['open', '/log/target', 'target-open'],
] as const)('%s of %s is %s', (name, path, expected) => {
  expect(operationName({ name, path, args: [] })).toBe(expected)
})

test('a point in words says what was done, where, and how much of it', () => {
  const point = { moment: 'within', number: 21, name: 'append 3: wal-write' }
  expect(pointInWords(point)).toBe('append 3: within wal-write (operation 21)')
  expect(pointInWords({ ...point, writtenBytes: 5 })).toBe(
    'append 3: within wal-write (operation 21, after 5 bytes)',
  )
})
