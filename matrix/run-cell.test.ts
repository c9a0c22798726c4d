import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Runtime, THIS_NODE } from '../harness/process/runtime.ts'
import { watchChildren } from '../harness/testing/children.ts'
import type { RunRecord } from './evidence/types.ts'
import { runCell } from './run-cell.ts'
import { temporaryFolder } from './testing/evidence.ts'
import { SILENT } from './testing/silent-progress.ts'

/** A Node that is started by way of another program, as an emulated one is. */
const RUNTIME: Runtime = { ...THIS_NODE, command: ['env', process.execPath] }

test('every process of a cell that touches the subject runs on the cell’s runtime', async () => {
  const children = watchChildren()
  const { run, path } = await runCell({
    runtime: RUNTIME,
    peers: [],
    fileSystem: 'workdir',
    run: 1,
    subject: 'wal',
    described: null,
    seed: 42,
    iterations: 5,
    everyPoint: false,
    errorCases: 8,
    powerCut: { states: null, exhaustive: false, tearBytes: 512, ext4: null },
    shard: { index: 2, of: 2 },
    out: temporaryFolder(),
    checkout: { commit: null, dirty: null },
    signal: new AbortController().signal,
    progress: SILENT,
  })
  expect(run.steps.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
    'wal-tests pass',
    'kill pass',
    'known-good pass',
    'atomic-rename pass',
    'portability pass',
    'power-cut skipped',
    'io-error pass',
  ])
  const started = children.map(({ spawnargs }) => spawnargs.join(' '))
  for (const name of ['vitest.mjs', 'start-victim.cjs', 'kept.js', 'tell-plans-digest.js']) {
    const of = started.filter((line) => line.includes(name))
    expect(of.length).toBeGreaterThan(0)
    expect(of.filter((line) => !line.startsWith(`env ${process.execPath} `))).toEqual([])
  }

  expect(path).toMatch(/workdir\/run-1-shard-2-of-2$/)
  expect(readFileSync(join(path, 'cmd.txt'), 'utf8')).toContain(' --shard 2/2')
  const record = JSON.parse(readFileSync(join(path, 'run.json'), 'utf8')) as RunRecord
  expect(record.runtime).toEqual({
    arch: THIS_NODE.arch,
    endianness: THIS_NODE.endianness,
    node: process.version,
    qemu: null,
  })
  const iterations = readFileSync(join(path, 'iterations.ndjson'), 'utf8').trim().split('\n')
  expect(iterations.map((line) => JSON.parse(line).iteration)).toEqual([2, 4])
})
