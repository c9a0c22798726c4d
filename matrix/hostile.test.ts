import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, expect, test } from 'vitest'
import { COMMIT, putRun, temporaryFolder } from './testing/evidence.ts'
import { putHostile } from './testing/hostile.ts'
import { HOSTILE_EVIDENCE, HOSTILE_RECORDINGS } from './testing/hostile-evidence.ts'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')

/** Most of it is Node itself. */
const MAX_MEMORY_BYTES = 300 * 1024 * 1024

/** At its end a process leaves what it took in a file. */
const TELL = `data:text/javascript,${encodeURIComponent(`
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
process.on('exit', () => {
  // What getrusage(2) says is what its parent took, if that was more.
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
  const kib = Number(/^VmHWM:\\s*(\\d+)/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS)
  const { user, system } = process.cpuUsage()
  const usage = { memoryBytes: kib * 1024, cpuMs: (user + system) / 1000 }
  writeFileSync(process.env.PULLPLUG_USAGE, JSON.stringify(usage))
})`)}`

interface Usage {
  memoryBytes: number
  /** Of the processor: on a busy machine, how long it took says nothing. */
  cpuMs: number
}

const measured: (Usage & { what: string })[] = []

/** Runs a command, and holds what it took against the limit. */
async function run(what: string, args: string[], env: Record<string, string> = {}) {
  const folder = temporaryFolder()
  const usageFile = join(folder, 'usage.json')
  const result = await execa(process.execPath, ['--import', TELL, CLI, ...args], {
    env: { PULLPLUG_USAGE: usageFile, TMPDIR: folder, XDG_CACHE_HOME: folder, ...env },
    cwd: folder,
    reject: false,
    stdin: 'ignore',
    // What waits for a FIFO would wait for ever.
    timeout: 60_000,
  })
  expect(result.timedOut, `${what}: ${result.stderr}`).toBe(false)
  const usage = JSON.parse(readFileSync(usageFile, 'utf8')) as Usage
  measured.push({ what: `${args[0]}: ${what}`, ...usage })
  expect(usage.memoryBytes).toBeLessThan(MAX_MEMORY_BYTES)
  return { ...result, said: `${result.stdout}\n${result.stderr}` }
}

/** PULLPLUG_MEASURE=1 prints the slowest and the largest answers. */
afterAll(() => {
  if (process.env.PULLPLUG_MEASURE === undefined) return
  const table = (by: keyof Usage): string =>
    measured
      .toSorted((a, b) => b[by] - a[by])
      .slice(0, 5)
      .map(({ what, memoryBytes, cpuMs }) => {
        const mib = (memoryBytes / 1024 / 1024).toFixed(0)
        return `  ${(cpuMs / 1000).toFixed(2)} s of processor ${mib} MiB  ${what}`
      })
      .join('\n')
  process.stderr.write(
    `${measured.length} hostile inputs\nthe slowest:\n${table('cpuMs')}\nthe largest:\n${table('memoryBytes')}\n`,
  )
})

const GATE = ['--commit', COMMIT, '--max-age', '1000000']

/** What stands before a sentence of its own is the program's; a stack of calls is nobody's. */
function expectSentences({
  said,
  exitCode,
}: {
  said: string
  exitCode?: number | undefined
}): void {
  expect(said).not.toContain('pullplug broke')
  expect(said).not.toMatch(/^\s+at .*:\d+:\d+/m)
  expect(exitCode).not.toBe(0)
}

test.each(HOSTILE_EVIDENCE)('the gate refuses $what in a sentence', async (hostile) => {
  const root = temporaryFolder()
  putHostile(root, hostile)
  const result = await run(hostile.what, ['gate', root, ...GATE, '--json'])
  expectSentences(result)
  const { decision, cells, problems } = JSON.parse(result.stdout)
  expect(decision).toBe('fail')
  const reasons = [...cells.map(({ reason }: { reason: string }) => reason), ...problems]
  expect(reasons.join('\n')).toContain(hostile.says)
})

/** Some of each kind: what reads evidence is the same for all commands. */
const SOME = HOSTILE_EVIDENCE.filter((_, i) => i % 8 === 0)

test.each(SOME)('a merge refuses $what in a sentence, and writes nothing', async (hostile) => {
  const root = temporaryFolder()
  putHostile(root, hostile)
  const out = join(temporaryFolder(), 'out')
  const result = await run(hostile.what, ['merge', root, '--out', out, '--json'])
  expectSentences(result)
  expect(JSON.parse(result.stdout).refusals.join('\n')).toContain(hostile.says)
  expect(existsSync(out)).toBe(false)
})

/** What is wrong within the run that is named. */
const IN_RUN = SOME.filter(({ says }) => !/no run of ours|none is followed|cell|runs/.test(says))

test.each(IN_RUN)('a replay and an export refuse $what in a sentence', async (hostile) => {
  const path = putHostile(temporaryFolder(), hostile)
  for (const args of [
    ['replay', path],
    ['export', path, '--dm-log-writes', 'log'],
  ]) {
    const result = await run(hostile.what, args)
    expectSentences(result)
    expect(result.said).toContain(hostile.says)
  }
})

test.each(HOSTILE_RECORDINGS)(
  'a replay and an export refuse $what in a sentence',
  async (hostile) => {
    const path = putHostile(temporaryFolder(), hostile)
    for (const args of [
      ['replay', path, '--state', '1.1', '--without-mount'],
      ['export', path, '--dm-log-writes', 'log'],
    ]) {
      const result = await run(hostile.what, args)
      expectSentences(result)
      expect(result.said).toContain(hostile.says)
    }
  },
)

test.each([
  ['subject', 'amd64/ext4', 'nobody', 'there is no subject nobody here'],
  ['architecture', 'vax/ext4', 'wal', 'there is no architecture vax here'],
  ['file system', 'amd64/ntfs', 'wal', 'there is no file system ntfs here'],
])('a replay of a run of another %s says so', async (what, cell, subject, says) => {
  const [arch, fileSystem] = cell.split('/')
  const path = putRun(temporaryFolder(), 'amd64/ext4', ({ run }) => {
    Object.assign(run, { subject })
    Object.assign(run.cell, { arch, fileSystem })
  })
  for (const args of [
    ['replay', path],
    ['replay', path, '--state', '1.1'],
  ]) {
    const result = await run(`another ${what}`, args)
    expectSentences(result)
    expect(result.said).toContain(says)
  }
})

const NINES = '9'.repeat(400)

test.each([
  [['matrix', '--iterations', '1000000000000'], 'iterations is a whole number from 1 to 20000'],
  [['matrix', '--iterations', '1e12'], 'iterations is a whole number from 1 to 20000'],
  [['matrix', '--iterations', '20001'], 'iterations is a whole number from 1 to 20000'],
  [['matrix', '--states', '1000000000000000'], 'states is a whole number from 1 to 10000000'],
  [['matrix', '--runs', NINES], 'runs is a whole number from 1 to 1000'],
  [['matrix', '--seed', '4294967296'], 'A seed is a whole number from 0 to 4294967295'],
  [['matrix', '--seed', NINES], 'A seed is a whole number from 0 to 4294967295'],
  [['matrix', '--shard', '1/100000000'], 'N is at most 100'],
  [['matrix', '--shard', `1/${NINES}`], 'N is at most 100'],
  [['matrix', '--out', 'x'.repeat(5000)], '--out is too long'],
  [['merge', 'x', '--out', 'x'.repeat(5000)], '--out is too long'],
  [['cells', '--shards', '100000000'], 'shards is a whole number from 1 to 100'],
  [['gate', '--max-age', NINES], 'It is a number of hours above 0, and at most 1000000'],
  [['replay', 'x', '--iteration', NINES], 'An iteration is a whole number from 1 to 20000'],
  [['replay', 'x', '--state', `1.${NINES}`], 'A state is ROUND.NUMBER'],
  [['replay', 'x', '--state', '999999.1'], 'ROUND is at most 100000'],
  [['export', 'x', '--dm-log-writes', 'y', '--round', NINES], 'A round is a whole number from 1'],
  [['setup', '--arch', 'arm64', '--mirror', `http://${'x'.repeat(2000)}`], 'of at most 1000'],
  [['matrix', '--arch', 'x'.repeat(100_000)], 'is no architecture'],
])('a flag that is out of every range is a usage error in a sentence', async (args, says) => {
  const result = await run(args.join(' ').slice(0, 60), args)
  expectSentences(result)
  expect(result.exitCode).toBe(64)
  expect(result.stderr).toContain(says)
  expect(result.stderr.length).toBeLessThan(1000)
})

const fifo = (path: string): void => void execFileSync('mkfifo', [path])

test('a FIFO in the place of a lock is not waited for', async () => {
  const root = temporaryFolder()
  putRun(root, 'amd64/ext4')
  const out = temporaryFolder()
  fifo(join(out, '.lock'))
  const result = await run('a FIFO for a lock', ['merge', root, '--out', out])
  expect(result.exitCode).toBe(4)
  expectSentences(result)
})

test('a lock that a dead run left without an owner stands in nobody’s way', async () => {
  const root = temporaryFolder()
  putRun(root, 'amd64/ext4')
  const out = temporaryFolder()
  mkdirSync(join(out, '.lock'))
  const { exitCode } = await run('a directory for a lock', ['merge', root, '--out', out])
  expect(exitCode).toBe(0)
})

test('FIFOs in the place of what says whose folders are whose are not waited for', async () => {
  const temporary = temporaryFolder()
  const volume = join(temporary, `pullplug-${process.getuid?.() ?? 0}`, 'volumes', 'ext4-XXXXXX')
  mkdirSync(volume, { recursive: true, mode: 0o700 })
  fifo(join(volume, 'owner.json'))
  const cache = join(temporary, 'pullplug', '.making-XXXXXX')
  mkdirSync(cache, { recursive: true })
  fifo(join(cache, 'owner.json'))
  const env = { TMPDIR: temporary, XDG_CACHE_HOME: temporary }
  const result = await run('FIFOs for owners', ['doctor', '--json'], env)
  expect(result.said).not.toContain('pullplug broke')
  if (process.platform === 'linux') expect(result.said).toContain(volume)
})
