import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { expect, onTestFinished, test, vi } from 'vitest'
import { lacksForPassthrough } from '../harness/passthrough/requirements.ts'
import { needsInWords } from '../harness/process/lack.ts'
import { temporaryDirectory } from '../harness/testing/temporary-directory.ts'
import { mountsWithin } from '../harness/volume/mounts.ts'
import { packageRoot } from '../matrix/package-root.ts'
import { crashTest } from './crash-test.ts'
import { CannotMeasure, CrashTestError } from './errors.ts'
import { logs } from './testing/logs.ts'

const needs = needsInWords(await lacksForPassthrough())
const testSeen = test.skipIf(needs !== null)
const NEEDS = needs === null ? '' : ` (${needs})`

const LOG = { kind: 'log', promise: 'durable' } as const
/** The least that there is. */
const SHORT = { seconds: 1, seed: 1, fileSystems: ['tmpdir'], tiers: ['kill'] } as const

/** A temporary directory for what is started, so that what it leaves is told from what others leave. */
function ownTmpdir(): string {
  const folder = temporaryDirectory()
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  return folder
}

const mountsIn = (folder: string): number => mountsWithin(folder).length

async function untilMounts(folder: string, are: (count: number) => boolean): Promise<void> {
  for (let tries = 0; !are(mountsIn(folder)) && tries < 600; tries++) await sleep(50)
}

testSeen(
  `two at once: what keeps its promise passes, what does not throws its story and a line that shows it again${NEEDS}`,
  async () => {
    const { careful, inPlace } = logs()
    const [passed, failed] = await Promise.allSettled([
      crashTest({ ...LOG, ...SHORT, subject: new URL(`file://${careful}`) }),
      crashTest({ ...LOG, ...SHORT, subject: inPlace }),
    ])
    expect(passed).toMatchObject({
      status: 'fulfilled',
      value: { subject: 'careful', seed: 1, skipped: [], ran: [{ tier: 'kill', remark: null }] },
    })
    const error = (failed as PromiseRejectedResult).reason as CrashTestError
    expect(error).toBeInstanceOf(CrashTestError)
    expect(error.message).toMatch(/refused|acked-lost/)
    expect(error.message).toContain(error.replay)
    const line = error.replay.replace('npx pullplug', `"${process.execPath}" dist/matrix/cli.js`)
    const again = await execa('sh', ['-c', line], { cwd: packageRoot, reject: false })
    expect([again.exitCode, again.stdout]).toEqual([1, expect.stringContaining('fail: in-place')])
  },
)

test('a description is a subject, and one that breaks the contract is told with the line that tells more', async () => {
  const folder = temporaryDirectory()
  const description = { name: 'mute', kind: 'log', command: ['true'] }
  const promises = { kill: 'durable', 'power-cut': 'durable' }
  writeFileSync(join(folder, 'pullplug.json'), JSON.stringify({ ...description, promises }))
  const error = await crashTest({ ...SHORT, subject: folder }).catch((caught) => caught)
  expect(error).toBeInstanceOf(CrashTestError)
  expect(error.message).toMatch(/it breaks the contract: it starts, opens an empty directory/)
  expect(error.replay).toBe(`npx pullplug check ${folder}`)
})

test('a description with a mistake is a TypeError, and one that is missing could not be measured', async () => {
  const folder = temporaryDirectory()
  writeFileSync(join(folder, 'pullplug.json'), '{ "name": "x" }')
  await expect(crashTest({ ...SHORT, subject: folder })).rejects.toThrow(TypeError)
  const missing = crashTest({ ...SHORT, subject: join(folder, 'none') })
  await expect(missing).rejects.toMatchObject({ name: 'CannotMeasure', why: 'missing' })
})

test('where no tier can run it could not be measured', async () => {
  const { careful } = logs()
  const nowhere = { ...LOG, ...SHORT, subject: careful, tiers: ['power-cut'] } as const
  const error = await crashTest(nowhere).catch((caught) => caught)
  expect(error).toBeInstanceOf(CannotMeasure)
  expect(error.message).toMatch(/no tier ran; did not run power cuts on tmpdir: it needs a volume/)
})

test('a signal that was aborted stops it before it begins', async () => {
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(crashTest({ ...LOG, ...SHORT, subject: './x.js', signal })).rejects.toThrow('enough')
})

testSeen(`a signal stops it, and nothing of it is left${NEEDS}`, async () => {
  const { careful } = logs()
  const folder = ownTmpdir()
  const controller = new AbortController()
  const { signal } = controller
  const running = crashTest({ ...LOG, ...SHORT, subject: careful, seconds: 300, signal })
  const ended = expect(running).rejects.toThrow('enough')
  await untilMounts(folder, (count) => count > 0)
  expect(mountsIn(folder)).toBeGreaterThan(0)
  controller.abort(new Error('enough'))
  await ended
  expect(mountsIn(folder)).toBe(0)
  const [own = ''] = readdirSync(folder)
  expect(readdirSync(join(folder, own))).toEqual(['volumes'])
  expect(readdirSync(join(folder, own, 'volumes'))).toEqual([])
})

/** What runs a file of tests: a process that keeps a channel to its worker, as vitest does, and node:test. */
const FORK = ['--input-type=module', '--eval']
const RUNNERS: [string, (file: string) => string[]][] = [
  [
    'with a channel',
    (file) => [...FORK, `(await import('child_process')).fork('${file}', { execArgv: [] })`],
  ],
  ['of Node', (file) => ['--test', file]],
]

testSeen.each(RUNNERS)(
  `where the test runner (%s) is killed, what it began is undone all the same${NEEDS}`,
  async (_, running) => {
    const { careful, folder: place } = logs()
    const folder = ownTmpdir()
    const options = { ...LOG, ...SHORT, subject: careful, seconds: 300 }
    const api = join(packageRoot, 'dist', 'api', 'index.js')
    const file = join(place, 'file.test.mjs')
    writeFileSync(
      file,
      `import { crashTest } from ${JSON.stringify(api)}
       import { test } from 'node:test'
       test('it lasts', () => crashTest(${JSON.stringify(options)}))`,
    )
    const child = execa(process.execPath, running(file), { reject: false, stdio: 'ignore' })
    await untilMounts(folder, (count) => count > 0)
    expect(mountsIn(folder)).toBeGreaterThan(0)
    child.kill('SIGKILL')
    await child
    await untilMounts(folder, (count) => count === 0)
    expect(mountsIn(folder)).toBe(0)
  },
)

/** Runs a script as a user who is nobody, in whose mount namespace /dev/fuse is open to all. */
async function asNobody(place: string, script: string, { fuse }: { fuse: boolean }) {
  const home = join(place, 'nobody')
  mkdirSync(home, { mode: 0o777, recursive: true })
  const device = fuse
    ? 'mount -t tmpfs none "$1" && mknod -m 666 "$1/fuse" c 10 229 && mount --bind "$1/fuse" /dev/fuse'
    : 'true'
  const nobody = 'setpriv --reuid 65534 --regid 65534 --clear-groups'
  const line = `${device} && mount -t tmpfs -o mode=1777 none "$1" && TMPDIR="$1" exec ${nobody} "$2" "$3"`
  return await execa(
    'unshare',
    ['--mount', 'sh', '-c', line, 'sh', home, process.execPath, script],
    { reject: false, env: { PULLPLUG_STATE: home } },
  )
}

const readable = await execa(
  'setpriv',
  [
    '--reuid',
    '65534',
    '--clear-groups',
    process.execPath,
    join(packageRoot, 'dist', 'api', 'index.js'),
  ],
  { reject: false },
)
const testNobody = test.skipIf(needs !== null || readable.exitCode !== 0)

testNobody.each([
  [true, { tier: 'kill', remark: null }, ['power-cut']],
  [
    false,
    { tier: 'kill', remark: expect.stringMatching(/killed at moments, since .* needs root/) },
    ['power-cut', 'io-error'],
  ],
])(
  `without root it does what it can, and says what it can’t; /dev/fuse open to users: %s${NEEDS}`,
  async (fuse, kill, skipped) => {
    const { careful, folder } = logs()
    const script = join(folder, 'script.mjs')
    const api = JSON.stringify(join(packageRoot, 'dist', 'api', 'index.js'))
    const options = JSON.stringify({ ...LOG, subject: careful, seconds: 1, seed: 1 })
    writeFileSync(
      script,
      `import { crashTest } from ${api}\nconsole.log(JSON.stringify(await crashTest(${options})))`,
    )
    await execa('chmod', ['-R', 'a+rX', folder])
    const { exitCode, stdout, stderr } = await asNobody(folder, script, { fuse })
    expect([exitCode, stderr]).toEqual([0, ''])
    const result = JSON.parse(stdout)
    expect(result.ran[0]).toMatchObject({ ...kill, fileSystem: 'tmpdir' })
    expect(result.skipped.map(({ tier }: { tier: string }) => tier).sort()).toEqual(skipped.sort())
    expect(result.skipped[0].why).toMatch(/needs root/)
  },
)
