import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Wal } from '../../wal/wal.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { inspectWal } from './inspect-wal.ts'

/** A log of so many entries. */
function logOf(entries: number): string {
  const directory = temporaryDirectory()
  const wal = Wal.open(directory, { environment: {} })
  for (let entry = 1; entry <= entries; entry++) wal.append({ entry })
  wal.close()
  return directory
}

test.each([0, 1, 3])('a sound log of %i entries has its safe point and no phantom', (entries) => {
  expect(inspectWal(logOf(entries))).toEqual({ safeSeq: String(entries), phantom: null })
})

test('bytes beyond the safe point are a phantom, and counted', () => {
  const directory = logOf(2)
  appendFileSync(join(directory, 'telemetry.wal'), 'x'.repeat(7))
  expect(inspectWal(directory)).toEqual({
    safeSeq: '2',
    phantom: 'after recovery, 7 bytes stand beyond the safe point',
  })
})

test('a safe point that cannot be read makes no phantom of the log', () => {
  const missing = logOf(2)
  rmSync(join(missing, 'telemetry.safe_seq'))
  expect(inspectWal(missing)).toEqual({ safeSeq: null, phantom: null })
  const short = logOf(2)
  writeFileSync(join(short, 'telemetry.safe_seq'), 'x')
  expect(inspectWal(short)).toEqual({ safeSeq: null, phantom: null })
})
