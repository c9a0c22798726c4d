import {
  existsSync,
  mkdirSync,
  readdirSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ownerFileOf } from '../harness/owned/owned-folder.ts'
import { temporaryDirectory } from '../harness/testing/temporary-directory.ts'
import { putRun } from './testing/evidence.ts'
import { leanCli } from './testing/lean-cli.ts'

const CLI = leanCli()

/** A working directory, and a registry that this test alone writes to. */
function scene() {
  const root = temporaryDirectory()
  const state = join(temporaryDirectory(), 'state')
  const run = (args: string[], cwd = temporaryDirectory()) =>
    execa(process.execPath, [CLI, ...args], {
      cwd,
      env: {
        TMPDIR: temporaryDirectory(),
        XDG_CACHE_HOME: temporaryDirectory(),
        PULLPLUG_STATE: state,
      },
      reject: false,
    })
  const doctor = async (...args: string[]) =>
    JSON.parse((await run(['doctor', '--json', ...args])).stdout)
  const entries = (): string[] => {
    const registry = join(state, 'registry')
    return existsSync(registry) ? readdirSync(registry) : []
  }
  return { root, run, doctor, entries }
}

/** A run in the working directory that was killed when `is` held of it. */
async function killed({ root, run }: ReturnType<typeof scene>, args: string[], is: () => boolean) {
  const running = run(args, root)
  onTestFinished(() => void running.kill('SIGKILL'))
  await vi.waitUntil(is, { timeout: 60_000, interval: 5 })
  running.kill('SIGKILL')
  await running
}

const WORKDIR = [
  'matrix',
  '--fs',
  'workdir',
  '--error-cases',
  '8',
  '--out',
  'evidence',
  '--no-install',
]
const working = (root: string): string | undefined =>
  readdirSync(root).find((name) => name.startsWith('.pullplug-'))

test('what a run left is found with another TMPDIR, from another folder, and removed', async () => {
  const here = scene()
  const { root, doctor, entries } = here
  await killed(here, WORKDIR, () => working(root) !== undefined)
  const { leftovers } = await doctor()
  expect(leftovers).toEqual(
    expect.arrayContaining([
      {
        name: join(root, working(root) ?? ''),
        what: 'a folder to work in',
        why: expect.stringMatching(/^process \d+ made it and is dead$/),
      },
      {
        name: join(root, 'evidence', '.lock'),
        what: 'the lock of an evidence folder, and what was half written there',
        why: expect.stringMatching(/is dead$/),
      },
    ]),
  )
  const cleaned = await doctor('--clean')
  expect(cleaned).toMatchObject({ leftovers: [], foreign: [] })
  expect(cleaned.cleaned.every(({ removed }: { removed: boolean }) => removed)).toBe(true)
  expect([readdirSync(root), readdirSync(join(root, 'evidence')), entries()]).toEqual([
    ['evidence'],
    [],
    [],
  ])
})

test('a run that lives is left alone, and nothing of it is listed', async () => {
  const here = scene()
  const { root, run, doctor } = here
  const running = run([...WORKDIR, '--iterations', '1'], root)
  await vi.waitUntil(() => working(root) !== undefined, { timeout: 60_000, interval: 5 })
  expect(await doctor('--clean')).toMatchObject({ cleaned: [], leftovers: [], foreign: [] })
  truncateSync(ownerFileOf(join(root, working(root) ?? '')))
  expect(await doctor('--clean')).toMatchObject({ cleaned: [], leftovers: [], foreign: [] })
  expect((await running).exitCode).toBe(0)
})

test('a replay that was to be kept leaves nothing half copied', async () => {
  const here = scene()
  const { root, doctor } = here
  const evidence = putRun(join(root, 'evidence'), 'amd64/ext4')
  const args = ['replay', evidence, '--keep']
  await killed(here, args, () => working(root) !== undefined)
  await doctor('--clean')
  expect(readdirSync(root)).toEqual(['evidence'])
})

test('a download that was killed is found, and one that is not known to be left is told', async () => {
  const { run } = scene()
  const cache = temporaryDirectory()
  for (const name of ['.making-old', '.making-new', '.making-other']) {
    mkdirSync(join(cache, 'pullplug', name), { recursive: true })
  }
  writeFileSync(join(cache, 'pullplug', '.making-other', 'precious'), '')
  for (const name of ['.making-old', '.making-other']) {
    utimesSync(join(cache, 'pullplug', name), 1e9, 1e9)
  }
  const { stdout } = await execa(process.execPath, [CLI, 'doctor', '--clean', '--json'], {
    env: { XDG_CACHE_HOME: cache, PULLPLUG_STATE: temporaryDirectory() },
  })
  expect(JSON.parse(stdout).foreign).toMatchObject([
    { name: expect.stringContaining('.making-new'), why: expect.stringContaining('it is new') },
    {
      name: expect.stringContaining('.making-other'),
      why: expect.stringContaining('it holds precious'),
    },
  ])
  expect(readdirSync(join(cache, 'pullplug'))).toEqual(['.making-new', '.making-other'])
  expect((await run(['doctor'])).stdout).toContain('Nothing is left of killed runs.')
})
