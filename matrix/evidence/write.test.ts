import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MachineError } from '../../harness/process/machine-error.ts'
import { putAsked, putRun, temporaryFolder } from '../testing/evidence.ts'
import { readRun } from './read.ts'
import { SUPERSEDED } from './write.ts'

test('what was written is read back whole', () => {
  const path = putRun(temporaryFolder(), 'amd64/ext4')
  const read = readRun(path)
  expect(read).toMatchObject({ ok: true, run: { seed: 7 }, verifyReport: { pass: true } })
  expect(readdirSync(path).sort()).toEqual([
    'SHA256SUMS',
    'autonomy.log',
    'cmd.txt',
    'io-error.json',
    'iterations.ndjson',
    'portability.json',
    'power-cut-round-1.gz',
    'power-cut.json',
    'run.json',
    'wal_verify.json',
  ])
})

test('sha256sum(1) accepts the sums', () => {
  const path = putRun(temporaryFolder(), 'amd64/ext4')
  const said = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: path, encoding: 'utf8' })
  expect(said.match(/: OK$/gm)?.length).toBe(9)
})

test('a run that does not validate is not written', () => {
  const root = temporaryFolder()
  expect(() => putRun(root, 'amd64/ext4', ({ run }) => Object.assign(run, { seed: -1 }))).toThrow(
    'a run file would not be valid: seed must be >= 0',
  )
  expect(readdirSync(root)).toEqual([])
})

test('a run in the place of an earlier one keeps it, where the gate does not look', () => {
  const root = temporaryFolder()
  for (const seed of [1, 2, 3]) putAsked(root, 'amd64/ext4', { seed })
  const kept = join(root, SUPERSEDED, 'amd64', 'ext4')
  const seeds = readdirSync(kept).map(
    (name) => JSON.parse(readFileSync(join(kept, name, 'run.json'), 'utf8')).seed,
  )
  expect(seeds.sort()).toEqual([1, 2])
  expect(readRun(join(root, 'amd64', 'ext4', 'run-1'))).toMatchObject({ run: { seed: 3 } })
})

test('a half-written run of a dead process is removed, and was never a run', () => {
  const root = temporaryFolder()
  const half = join(root, 'amd64', 'ext4', '.run-1.tmp-999999')
  mkdirSync(half, { recursive: true })
  writeFileSync(join(half, 'run.json'), '{')
  putRun(root, 'amd64/ext4')
  expect(existsSync(half)).toBe(false)
})

test('a folder that cannot be written is the machine’s error, with a way out', () => {
  const root = temporaryFolder()
  writeFileSync(join(root, 'amd64'), 'a file where a folder must be')
  let thrown: unknown
  try {
    putRun(root, 'amd64/ext4')
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(MachineError)
  expect((thrown as MachineError).remedy).toContain('--out')
})
