import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { volumeCapabilities } from '../harness/volume/capabilities.ts'
import { loopDevicesOn, mountsAt } from '../harness/volume/mounts.ts'
import { PLACE } from '../harness/volume/volume-folder.ts'
import { readRun } from './evidence/read.ts'
import { nativeArch } from './host.ts'
import { leanCli } from './testing/lean-cli.ts'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')
/** For what says nothing of the log's own tests. */
const LEAN = leanCli()
const capabilities = await volumeCapabilities()
const able = (name: string): boolean =>
  capabilities.some(({ fileSystem, available }) => fileSystem === name && available)
const withVolumes = test.skipIf(!able('ext4') || !able('xfs'))
const NEEDS = '(needs root, mkfs.ext4 and mkfs.xfs)'

/** A state of its own for a test: evidence, and where volumes are made. */
function scene(cli = CLI) {
  const root = mkdtempSync(join(tmpdir(), 'pullplug-cli-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const volumes = join(root, `pullplug-${process.getuid?.() ?? 0}`, 'volumes')
  const run = (...args: string[]) =>
    execa(process.execPath, [cli, ...args], {
      env: { TMPDIR: root, XDG_CACHE_HOME: root },
      reject: false,
    })
  return { root, out: join(root, 'evidence'), volumes, run }
}

/** The folders of volumes that are there, each with what the kernel has of it. */
function volumesIn(directory: string) {
  const names = existsSync(directory) ? readdirSync(directory) : []
  return names
    .filter((name) => name !== PLACE)
    .map((name) => ({
      mounted: mountsAt(join(directory, name, 'mnt')).length,
      devices: loopDevicesOn(join(directory, name, 'image')).length,
    }))
}

/** Where what is mounted stands, which stays and holds nothing. */
const STATE = `pullplug-${process.getuid?.() ?? 0}`
const SHORT = [
  '--iterations',
  '3',
  '--states',
  '100',
  '--error-cases',
  '8',
  '--seed',
  '42',
  '--no-install',
]

/** Waits until `is`, which must come true while `process` runs. */
async function until(is: () => boolean, process: { exitCode: number | null }): Promise<void> {
  while (!is()) {
    if (process.exitCode !== null) throw new Error(`it ended with ${process.exitCode} before that`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test.each([
  [[], 'name a command: matrix, '],
  [['--nonsense'], 'there is no option "--nonsense"'],
  [['matrix', '--nonsense'], 'there is no option "--nonsense"'],
  [['matrices'], 'there is no command "matrices"; did you mean matrix?'],
  [['merge'], 'an operand is missing'],
  [['matrix', '--seed', 'lucky'], '--seed "lucky": A seed is a whole number'],
  [
    ['matrix', '--shard', '1/5', '--iterations', '4'],
    '5 shards cannot share 4 iterations; there can be at most 4',
  ],
  [['merge', 'matrix', '--out', './matrix'], '--out "./matrix" is read from, and must be another'],
  [['test', '--quiet', '--verbose'], '--quiet and --verbose exclude each other'],
  [['test', '--max-failures', '0'], 'The number of failures is a whole number from 1'],
  [['matrix', '--last-failed', '--seed', '1'], '--last-failed and --seed exclude each other'],
  [['matrix', '--last-failed', '--runs', '2'], '--last-failed and --runs exclude each other'],
  [['matrix', '--states', '5', '--exhaustive'], '--states and --exhaustive exclude each other'],
  [
    ['replay', 'x', '--state', '1.1', '--iteration', '1'],
    '--state and --iteration exclude each other',
  ],
])('%j is a usage error, in one line on standard error', async (args, message) => {
  const { exitCode, stderr, stdout } = await scene().run(...args)
  expect(stderr).toContain(message)
  expect(stderr.split('\n')).toHaveLength(1)
  expect(stderr).toMatch(/\(pullplug .*--help shows what there is\)$/)
  expect([exitCode, stdout]).toEqual([64, ''])
})

test.each([
  [[]],
  [['matrix']],
  [['setup']],
  [['replay']],
  [['export']],
  [['verify']],
  [['merge']],
  [['gate']],
  [['report']],
  [['cells']],
  [['doctor']],
  [['completion']],
])('%j --help says what there is, with examples', async (command) => {
  const { run } = scene()
  const { exitCode, stdout, stderr } = await run(...command, '--help')
  expect([exitCode, stderr]).toEqual([0, ''])
  expect((await run('help', ...command)).stdout).toBe(stdout)
  expect(stdout).toContain('Usage: pullplug')
  if (command.length > 0) expect(stdout).toContain('Examples:')
})

test.each([
  [['replay', '/nowhere'], '/nowhere is no evidence that can be replayed'],
  [['verify', '/nowhere'], '/nowhere cannot be verified'],
  [['merge', '/nowhere'], 'there is no evidence folder /nowhere'],
  [['gate', '/nowhere'], 'there is no evidence folder /nowhere'],
  [['report', '/nowhere'], 'there is no evidence folder /nowhere'],
])('%j of something that is not there exits 3 and says what to do', async (args, message) => {
  const { exitCode, stderr } = await scene().run(...args)
  expect(exitCode).toBe(3)
  expect(stderr.split('\n')[0]).toContain(message)
  expect(stderr.split('\n').length).toBe(2)
})

test('verify writes its report, prints the same as JSON, and exits 0 or 1', async () => {
  const { root, run } = scene()
  const log = join(root, 'log')
  mkdirSync(log)
  writeFileSync(join(log, 'telemetry.safe_seq'), Buffer.alloc(8))
  const out = join(root, 'wal_verify.json')
  const good = await run('verify', log, '--json', '--out', out)
  expect(good.exitCode).toBe(0)
  expect(JSON.parse(good.stdout)).toMatchObject({ pass: true, R5_NO_PHANTOMS: true })
  expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(JSON.parse(good.stdout))
  writeFileSync(join(log, 'telemetry.wal'), 'x')
  const bad = await run('verify', log, '--out', out)
  expect([bad.exitCode, bad.stderr]).toEqual([1, ''])
  expect(bad.stdout).toContain('FAIL R5_NO_PHANTOMS')
})

test('a cell that was asked for and can’t be run here is named, and exits 3', async () => {
  const { out, run } = scene()
  const other = nativeArch() === 's390x' ? 'amd64' : 's390x'
  const { exitCode, stderr } = await run('matrix', '--arch', other, '--out', out, ...SHORT)
  expect(exitCode).toBe(3)
  expect(stderr).toContain(`Not run here: ${other}/ext4 needs an emulator that is not set up`)
})

test('evidence that can’t be written is told before anything is run', async () => {
  const { root, run, volumes } = scene()
  writeFileSync(join(root, 'file'), '')
  const { exitCode, stderr } = await run(
    'matrix',
    '--out',
    join(root, 'file', 'evidence'),
    ...SHORT,
  )
  expect(exitCode).toBe(4)
  expect(stderr).toContain('evidence cannot be written to')
  expect(stderr).toContain('--out')
  expect(volumesIn(volumes)).toEqual([])
})

test('the working directory’s own file system is a cell of its own', async () => {
  const { root, out } = scene()
  const args = [LEAN, 'matrix', '--fs', 'workdir', '--out', out, '--json', ...SHORT]
  const { exitCode, stdout } = await execa(process.execPath, args, { cwd: root, reject: false })
  expect(exitCode).toBe(0)
  const [{ run }] = JSON.parse(stdout).runs
  expect(run).toMatchObject({
    pass: true,
    cell: { fileSystem: 'workdir', status: 'informational' },
    mount: { volume: 'working-directory' },
  })
  expect(readdirSync(root)).toEqual(['evidence'])
})

test('a run whose readers are gone is finished all the same, and exits 141', async () => {
  const { root, out, run } = scene()
  const line = `{ "${process.execPath}" "${LEAN}" "$@"; echo $? >&3; } 2>&1 | true`
  const { stdio } = await execa(
    'bash',
    ['-c', line, 'bash', 'matrix', '--fs', 'workdir', '--out', out, ...SHORT],
    { cwd: root, env: { TMPDIR: root }, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] },
  )
  expect(stdio[3]).toBe('141')
  const left = readdirSync(root).filter((name) => name !== STATE)
  expect(left).toEqual(['evidence'])
  expect(readdirSync(join(root, STATE, 'volumes'))).toEqual([])
  const verdict = await run('gate', out, '--advisory', '--json')
  const cell = `${nativeArch()}/workdir`
  expect(JSON.parse(verdict.stdout).cells).toContainEqual(
    expect.objectContaining({ cell, runs: 1 }),
  )
})

withVolumes(`a matrix on ext4 and xfs: evidence, a replay, the gate ${NEEDS}`, async () => {
  const { out, run, volumes } = scene()
  const matrix = await run('matrix', '--out', out, '--json', ...SHORT)
  expect(matrix.stderr).toContain('atomic-rename pass')
  expect(matrix.exitCode, matrix.stderr).toBe(0)
  const { runs, gate } = JSON.parse(matrix.stdout)
  expect(runs.map((each: { run: { mount: object } }) => each.run.mount)).toMatchObject([
    { fsType: 'ext4', statfsType: '0xef53', volume: 'loop' },
    { fsType: 'xfs', statfsType: '0x58465342', volume: 'loop' },
  ])
  expect(gate.decision).toBe('fail')
  for (const fileSystem of ['ext4', 'xfs']) {
    const read = readRun(join(out, nativeArch(), fileSystem, 'run-1'))
    expect(read.ok ? null : read.problem).toBeNull()
  }
  const path = join(out, nativeArch(), 'xfs', 'run-1')
  const command = readFileSync(join(path, 'cmd.txt'), 'utf8')
  expect(command).toBe(
    `npx pullplug matrix --arch ${nativeArch()} --fs xfs --seed 42 --iterations 3 --states 100 --error-cases 8\n`,
  )
  const replay = await run('replay', path, '--iteration', '2')
  expect(replay.stdout).toContain('the same outcome as recorded')
  expect(replay.exitCode).toBe(0)
  expect(volumesIn(volumes)).toEqual([])

  const file = join(path, 'iterations.ndjson')
  writeFileSync(file, readFileSync(file, 'utf8').replace('"acked":', '"acked":1'))
  const edited = await run('replay', path)
  expect(edited.exitCode).toBe(4)
  expect(edited.stderr).toContain('iterations.ndjson is not what was written')
})

withVolumes(`a failure ends with the line that reproduces it ${NEEDS}`, async () => {
  const { out, run } = scene(LEAN)
  const subject = [
    '--subject',
    'safe-seq-in-place',
    '--iterations',
    '6',
    '--seed',
    '42',
    '--states',
    '100',
  ]
  const matrix = await run('matrix', '--fs', 'ext4', '--error-cases', '8', '--out', out, ...subject)
  expect(matrix.exitCode).toBe(1)
  const line = /npx pullplug (replay \S+ --iteration \d+)/.exec(matrix.stderr)?.[1]
  const replay = await run(...(line ?? '').split(' '))
  expect(replay.exitCode).toBe(1)
  expect(replay.stdout).toContain('fail: the same outcome as recorded')
})

withVolumes(
  `a signal in the middle undoes everything and leaves no evidence ${NEEDS}`,
  async () => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const { out, run, volumes } = scene()
      const running = run('matrix', '--fs', 'ext4', '--out', out, ...SHORT)
      await until(() => volumesIn(volumes).some(({ mounted }) => mounted > 0), running)
      running.kill(signal)
      const { exitCode, stderr } = await running
      expect(exitCode).toBe(code)
      expect(stderr).toContain(`stopped by ${signal}`)
      expect(volumesIn(volumes)).toEqual([])
      expect(readdirSync(out)).toEqual([])
    }
  },
)

withVolumes(`what a SIGKILL of the harness leaves, doctor --clean removes ${NEEDS}`, async () => {
  const { out, run, volumes } = scene()
  const running = run('matrix', '--fs', 'xfs', '--out', out, ...SHORT)
  await until(() => volumesIn(volumes).some(({ mounted }) => mounted > 0), running)

  const meanwhile = await run('doctor', '--clean')
  expect(meanwhile.stdout).toContain('Nothing is left of killed runs.')
  const second = await run('matrix', '--fs', 'xfs', '--out', out, ...SHORT)
  expect(second.exitCode).toBe(4)
  expect(second.stderr).toContain('is writing evidence to')

  running.kill('SIGKILL')
  await running
  expect(volumesIn(volumes)).toEqual([{ mounted: 1, devices: 1 }])
  const cleaned = await run('doctor', '--clean', '--json')
  expect(cleaned.exitCode).toBe(0)
  expect(JSON.parse(cleaned.stdout)).toMatchObject({
    cleaned: expect.arrayContaining([
      { name: expect.stringContaining(volumes), removed: true, problem: null },
      { name: join(out, '.lock'), removed: true, problem: null },
    ]),
    leftovers: [],
    foreign: [],
  })
  expect(volumesIn(volumes)).toEqual([])
  expect(readdirSync(out)).toEqual([])
})

withVolumes(`and so does the next run, which says so ${NEEDS}`, async () => {
  const { out, run, volumes } = scene()
  const running = run('matrix', '--fs', 'ext4', '--out', out, ...SHORT)
  await until(() => volumesIn(volumes).some(({ mounted }) => mounted > 0), running)
  running.kill('SIGKILL')
  await running
  const next = run('matrix', '--fs', 'ext4', '--out', out, ...SHORT)
  let said = ''
  next.stderr.on('data', (data) => {
    said += data
  })
  await until(() => said.includes('A run that was killed left something: removed '), next)
  next.kill('SIGTERM')
  await next
  expect(volumesIn(volumes)).toEqual([])
})
