import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { Wal } from '../../wal/wal.ts'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')

/** `pullplug verify` on a directory; its report goes beside it. */
function verify(directory: string) {
  const args = [CLI, 'verify', directory, '--out', `${directory}.json`]
  return execa(process.execPath, args, { reject: false, all: true })
}

test('verify tells what stands beyond the safe point, and what a recovery has kept', async () => {
  const directory = join(temporaryDirectory(), 'log')
  mkdirSync(directory)
  writeFileSync(join(directory, 'telemetry.safe_seq'), Buffer.alloc(8))
  const entries = [1, 2].map((seq) => Buffer.from(`\0\0\0\x09{"seq":${seq}}`))
  writeFileSync(join(directory, 'telemetry.wal'), Buffer.concat(entries))
  const before = await verify(directory)
  expect(before.exitCode).toBe(1)
  expect(before.all).toContain(
    'beyond the safe point: 26 bytes, with 2 entries from seq 1 to 2\n2 of them follow one another',
  )
  Wal.open(directory, { environment: {} }).close()
  const after = await verify(directory)
  expect(after.exitCode).toBe(0)
  expect(after.all).toContain('kept by a recovery: telemetry.wal.cut-0, 26 bytes')
})

test('verify says that a directory stands where a file must, and fails', async () => {
  const directory = join(temporaryDirectory(), 'log')
  mkdirSync(join(directory, 'telemetry.wal'), { recursive: true })
  const { exitCode, all } = await verify(directory)
  expect(exitCode).toBe(1)
  expect(all).toMatch(/first of 1 offences: NOT_A_FILE at byte 0: .*telemetry.wal is a directory/)
})
