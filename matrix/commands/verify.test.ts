import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { Wal } from '../../wal/wal.ts'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')

/** `pullplug verify` on a directory, from the one that it is in. */
function verify(directory: string, ...options: string[]) {
  const args = [CLI, 'verify', directory, ...options]
  return execa(process.execPath, args, { cwd: dirname(directory), reject: false, all: true })
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

test('verify writes a report only to the file that it is told of, and says so', async () => {
  const directory = join(temporaryDirectory(), 'log')
  mkdirSync(directory)
  Wal.open(directory, { environment: {} }).close()
  const words = await verify(directory)
  const json = await verify(directory, '--json')
  expect([words.exitCode, json.exitCode]).toEqual([0, 0])
  expect(words.stdout.split('\n').at(-1)).toBe('pass')
  expect(readdirSync(dirname(directory))).toEqual(['log'])
  const out = join(dirname(directory), 'report.json')
  const told = await verify(directory, '--out', out)
  expect(told.stdout.split('\n').at(-1)).toBe(`pass; the report is in ${out}`)
  expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(JSON.parse(json.stdout))
})
