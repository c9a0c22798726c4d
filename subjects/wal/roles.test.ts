import { expect, test } from 'vitest'
import { operationName } from '../../harness/disk-subject/operations.ts'
import { roleOf } from './roles.ts'

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
  expect(operationName({ name, path, args: [] }, roleOf)).toBe(expected)
})
