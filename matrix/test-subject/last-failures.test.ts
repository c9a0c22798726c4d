import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, expect, test, vi } from 'vitest'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { runInit } from '../init/init.ts'
import { keepLastFailures, readLastFailures } from './last-failures.ts'
import type { TestReport } from './report.ts'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')

afterEach(() => void vi.unstubAllEnvs())

/** A subject, and a cache of its own. */
function scene() {
  const folder = temporaryDirectory()
  const cache = temporaryDirectory()
  vi.stubEnv('XDG_CACHE_HOME', cache)
  runInit({ folder, name: 'mine' })
  const kept = join(cache, 'pullplug', 'last-failures')
  const run = (...args: string[]) =>
    execa(process.execPath, [CLI, 'test', folder, ...args], {
      ...{ env: { XDG_CACHE_HOME: cache }, reject: false },
    })
  return { folder, kept, run, file: () => join(kept, readdirSync(kept)[0] as string) }
}

/** A report that tells of a case that failed, and of one that could not be judged. */
function report(...failed: string[]): TestReport {
  const problems = [
    ...failed.map((name) => ({ case: name, failures: [{ name: 'hole' }] })),
    { case: '1.9b', failures: [] },
  ]
  const tier = { tier: 'kill', fileSystem: 'ext4', result: { problems } }
  return { subject: 'mine', seed: 7, verdict: 'fail', tiers: [tier as never] }
}

test('what failed is kept, whichever way the subject was named, and in the place of what did before', () => {
  const { folder, kept } = scene()
  expect(keepLastFailures(report('1.12b', '1.3a'), folder)).toBeNull()
  const link = join(temporaryDirectory(), 'link')
  symlinkSync(folder, link)
  for (const path of [folder, join(folder, 'pullplug.json'), link]) {
    expect(readLastFailures(path, 'mine')).toMatchObject({
      seed: 7,
      cases: [
        { tier: 'kill', fileSystem: 'ext4', case: '1.12b' },
        { tier: 'kill', fileSystem: 'ext4', case: '1.3a' },
      ],
    })
  }
  expect(keepLastFailures(report(), folder)).toBeNull()
  expect(readLastFailures(folder, 'mine').cases).toEqual([])
  expect(readdirSync(kept)).toHaveLength(1)
})

test('one that was never run exits 3, and nothing that failed exits 0 and says so', async () => {
  const { folder, run } = scene()
  const never = await run('--last-failed')
  expect([never.exitCode, never.stdout]).toEqual([3, ''])
  expect(never.stderr).toContain('there is no last run of mine here')
  keepLastFailures(report(), folder)
  expect(await run('--last-failed')).toMatchObject({
    exitCode: 0,
    stdout: 'pass: nothing failed in the last run of mine, seed 7',
  })
})

test.each([
  ['no JSON', () => '{', 'is not JSON'],
  ['of another schema', (text: string) => text.replace('failures/1', 'failures/9'), 'only https'],
  ['without cases', (text: string) => text.replace('"cases"', '"case"'), 'required'],
  [
    'of another description',
    (text: string) => text.replace('/pullplug.json', '/x.json'),
    'another',
  ],
  ['no case', (text: string) => text.replace('1.12b', '$(reboot)'), 'pattern'],
])('a file that is %s is refused with what to do', (_, spoil, why) => {
  const { folder, file } = scene()
  keepLastFailures(report('1.12b'), folder)
  writeFileSync(file(), spoil(readFileSync(file(), 'utf8')))
  const reading = expect.objectContaining({
    name: 'BadInput',
    message: expect.stringMatching(new RegExp(`is not what a run left: .*${why}`)),
    remedy: expect.stringContaining('Remove it'),
  })
  expect(() => readLastFailures(folder, 'mine')).toThrow(reading)
})

test('it goes with nothing that says which cases or of which seed', async () => {
  const { folder, run } = scene()
  keepLastFailures(report('1.12b'), folder)
  for (const [other, line] of [
    ['--case', ['--case', '1.2b']],
    ['--seed', ['--seed', '1']],
    ['--every-point', ['--every-point', '--tier', 'kill']],
  ] as const) {
    const { exitCode, stderr } = await run('--last-failed', ...line)
    expect([exitCode, stderr]).toEqual([
      64,
      expect.stringContaining(`--last-failed and ${other} exclude each other`),
    ])
  }
  const elsewhere = await run('--last-failed', '--fs', 'xfs')
  expect([elsewhere.exitCode, elsewhere.stderr]).toEqual([
    64,
    expect.stringContaining(
      'no failure of the last run is of --tier kill,power-cut,io-error and --fs xfs; there are some of kill on ext4',
    ),
  ])
})

test('where it can’t be kept, that is said and no error', () => {
  const { folder, kept } = scene()
  mkdirSync(join(kept, '..'), { recursive: true })
  writeFileSync(kept, 'a file in its place')
  expect(keepLastFailures(report('1.1b'), folder)).toContain('what failed cannot be kept in')
})
