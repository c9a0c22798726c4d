import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { Wal } from '../../wal/wal.ts'
import { safePointIn } from './inspect.ts'

/** A log of so many entries. */
function logOf(entries: number): string {
  const directory = temporaryDirectory()
  const wal = Wal.open(directory, { environment: {} })
  for (let entry = 1; entry <= entries; entry++) wal.append({ entry })
  wal.close()
  return directory
}

test.each([0, 1, 3])('a sound log of %i entries has its safe point and no phantom', (entries) => {
  expect(safePointIn(logOf(entries))).toEqual({ safeSeq: String(entries), bytesBeyond: 0 })
})

test('bytes beyond the safe point are a phantom, and counted', () => {
  const directory = logOf(2)
  appendFileSync(join(directory, 'telemetry.wal'), 'x'.repeat(7))
  expect(safePointIn(directory)).toEqual({
    safeSeq: '2',
    bytesBeyond: 7,
  })
})

test('a safe point that cannot be read makes no phantom of the log', () => {
  const missing = logOf(2)
  rmSync(join(missing, 'telemetry.safe_seq'))
  expect(safePointIn(missing)).toEqual({ safeSeq: null, bytesBeyond: 0 })
  const short = logOf(2)
  writeFileSync(join(short, 'telemetry.safe_seq'), 'x')
  expect(safePointIn(short)).toEqual({ safeSeq: null, bytesBeyond: 0 })
})
