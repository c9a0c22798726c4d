import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { together } from '../../harness/process/together.ts'
import { type GoodRead, readRun } from '../evidence/read.ts'
import { nativeArch } from '../host.ts'
import { temporaryFolder } from '../testing/evidence.ts'
import { leanCli } from '../testing/lean-cli.ts'
import { merge } from './merge.ts'

const CLI = leanCli()
const CELL = join(nativeArch(), 'workdir')
const SEED_AND_SIZE = ['--seed', '42', '--iterations', '7', '--subject', 'safe-seq-in-place']

/** A run, or a shard of it, of a subject of which some iterations fail. */
async function matrix(...flags: string[]): Promise<string> {
  const out = temporaryFolder()
  const args = [
    CLI,
    'matrix',
    '--fs',
    'workdir',
    '--no-install',
    '--error-cases',
    '9',
    ...SEED_AND_SIZE,
    ...flags,
  ]
  const { exitCode, stderr } = await execa(process.execPath, [...args, '--out', out], {
    cwd: temporaryFolder(),
    reject: false,
  })
  expect(exitCode, stderr).toBe(1)
  return out
}

function readMerged(out: string): GoodRead {
  const read = readRun(join(out, CELL, 'run-1'))
  if (!read.ok) throw new Error(read.problem)
  return read
}

/** What a run says, without what differs between any two: times, paths, and who ran it. */
function saidBy(read: GoodRead) {
  const timeless = (key: string, value: unknown): unknown =>
    key === 'durationMs' ? undefined : value
  const place = read.path
  const without = (text: string): string =>
    text.replaceAll(place, 'EVIDENCE').replace(/[^" ]+\/\.pullplug-[^/]+/g, 'FOLDER')
  const { startedAt: _, finishedAt: __, shards: ___, steps, ...run } = read.run
  return JSON.parse(
    without(
      JSON.stringify(
        {
          run,
          // Each shard meets the errors of histories of its own.
          steps: steps.filter(({ name }) => name !== 'io-error'),
          iterations: read.iterations,
          verifyReport: read.verifyReport,
          portability: read.portability,
          logRecords: read.logRecords,
          command: readFileSync(join(place, 'cmd.txt'), 'utf8'),
        },
        timeless,
      ),
    ),
  )
}

test('a run merged from three shards says exactly what it says as one', async () => {
  const shares = ['1/3', '2/3', '3/3'].map((share) => ['--shard', share])
  const folders = await together(
    2,
    [[], ...shares].map((flags) => () => matrix(...flags)),
  )
  const [whole, ...shards] = folders as [string, ...string[]]
  const expected = saidBy(readMerged(whole))
  expect(expected.iterations.length).toBe(7)
  expect(expected.run.verdict).toBe('fail')
  const out = temporaryFolder()
  expect((await merge({ directories: shards, out, allowGaps: false })).refusals).toEqual([])
  expect(saidBy(readMerged(out))).toEqual(expected)
}, 400_000)
