import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { temporaryDirectory } from '../harness/testing/temporary-directory.ts'
import { NEEDS, testVolumes } from '../harness/volume/testing/scene.ts'
import type { RunRecord } from './evidence/types.ts'
import { nativeArch } from './host.ts'
import { packageRoot } from './package-root.ts'
import { deadLinks } from './testing/dead-links.ts'
import { installPacked, Project } from './testing/installed-package.ts'
import { Page } from './testing/page.ts'

const TSC = join(packageRoot, 'node_modules', '.bin', 'tsc')
const root = mkdtempSync(join(tmpdir(), 'pullplug-packed-'))
let original: Project

beforeAll(async () => {
  original = await installPacked(root)
}, 300_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The package, installed in a project that a test may change. */
const project = (): Project => original.copyTo(join(temporaryDirectory(), 'project'))

/** A folder inside of the project until the test's end, for one that needs no repository of its own. */
function part(): Project {
  const folder = mkdtempSync(join(original.folder, 'part-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return new Project(folder)
}

/** What git says of a project, a line a file that is not committed. */
const changesIn = async (one: Project) => (await one.run('git', 'status', '--porcelain')).stdout

/** The files of the tarball. */
const published = (): string[] =>
  readdirSync(original.installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(original.installed.length + 1))

/** The first example in JavaScript of a page. */
const exampleOf = (page: string): string => new Page(join(original.installed, page)).firstCode('js')

/** Writes the program of the README, as it stands or without what `without` names, and its description. */
function writeProgramOfReadme({ folder }: Project, without = ''): void {
  const program = exampleOf('README.md')
  expect(program).toContain(without)
  writeFileSync(join(folder, 'pullplug-adapter.mjs'), program.replace(without, ''))
  const description = new Page(join(original.installed, 'README.md')).firstCode('json')
  writeFileSync(join(folder, 'pullplug.json'), description)
}

function runIn({ folder }: Project, cell: string): RunRecord {
  return JSON.parse(readFileSync(join(folder, 'evidence', cell, 'run-1', 'run.json'), 'utf8'))
}

test('the tarball holds no tests and nothing that only they use', () => {
  const ofTheCheckout =
    /(^|\/)(testing|bench|rehearsal|node_modules|build|__pycache__)\/|\.(test|kills|rehearsal)\./
  expect(published().filter((path) => ofTheCheckout.test(path))).toEqual([])
})

/** What a project gains by installing this package, and no more than it may. */
const MAX_INSTALLED_BYTES = 16_000_000

test('what is installed with it takes at most 16 MB', () => {
  const files = readdirSync(join(original.folder, 'node_modules'), {
    recursive: true,
    withFileTypes: true,
  }).filter((entry) => entry.isFile())
  const bytes = files.reduce(
    (sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size,
    0,
  )
  process.stdout.write(`Installed: ${(bytes / 1e6).toFixed(1)} MB in ${files.length} files\n`)
  // Less than our own files alone would say that the wrong folder was looked at.
  expect(bytes).toBeGreaterThan(2_000_000)
  expect(bytes).toBeLessThanOrEqual(MAX_INSTALLED_BYTES)
})

test('the tarball holds the page of the manual that its package.json names', () => {
  const { man } = JSON.parse(readFileSync(join(original.installed, 'package.json'), 'utf8'))
  expect(published()).toContain(join(man))
})

test('every link of a published page leads to what is published', () => {
  expect(deadLinks(original.installed, published())).toEqual([])
})

test.each([
  ['pullplug', ['CannotMeasure', 'CrashTestError', 'crashTest']],
  ['pullplug/subjects', ['CONTROLS', 'HOME', 'verifyLog']],
  ['pullplug/harness', ['createVolume']],
  ['pullplug/wal', ['Wal']],
])('%s can be imported', async (name, names) => {
  const source = `const all = await import('${name}'); console.log(${JSON.stringify(names)}.every((each) => each in all))`
  const { stdout, stderr } = await original.run('node', '--input-type=module', '-e', source)
  expect([stdout, stderr]).toEqual(['true', ''])
})

test('the program of the README keeps the contract', async () => {
  const one = part()
  writeProgramOfReadme(one)
  expect(await original.pullplug('check', one.folder)).toMatchObject({ exitCode: 0, stderr: '' })
})

test('the example of what can be imported runs', async () => {
  const one = part()
  mkdirSync(join(one.folder, 'log'))
  writeFileSync(join(one.folder, 'example.mjs'), exampleOf('docs/from-your-code.md'))
  expect(await one.run('node', 'example.mjs')).toMatchObject({ stdout: 'true', stderr: '' })
})

test.each([
  ['with', ['node']],
  ['without', []],
])('the types of what can be imported are whole %s those of Node', async (_, types) => {
  const one = part()
  const source = `${exampleOf('docs/from-your-code.md').replace(/console.log/, 'void')}
import * as harness from 'pullplug/harness'
import type { WalOptions } from 'pullplug/wal'
export const options: WalOptions = {}
export const volume: Promise<harness.Volume> = harness.createVolume({ fileSystem: 'ext4' })
`
  writeFileSync(join(one.folder, 'example.mts'), source)
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    strict: true,
    noEmit: true,
    types,
    typeRoots: [join(packageRoot, 'node_modules', '@types')],
  }
  const config = { compilerOptions, files: ['example.mts'] }
  writeFileSync(join(one.folder, 'tsconfig.json'), JSON.stringify(config))
  expect((await one.run(TSC, '-p', '.')).stdout).toBe('')
})

/** What somebody writes who has no types of Node, and no lib that knows a URL or an AbortSignal. */
const CRASH_TEST = `
import { CannotMeasure, type CrashTestOptions, CrashTestError, type CrashTestResult, crashTest } from 'pullplug'
const budget = { seconds: 5, seed: 1, tiers: ['kill'], mustRun: ['kill'] } as const
export const described: CrashTestOptions = { subject: './pullplug.json', ...budget }
export const ofModule: CrashTestOptions = { subject: { href: 'file:///x.js' }, kind: 'log', promise: 'durable' }
export const each: CrashTestOptions = {
  subject: './x.js',
  kind: 'log',
  promise: { kill: 'durable', 'power-cut': 'ordered' },
}
export const result: Promise<CrashTestResult> = crashTest(described)
export const told = (error: unknown): string | null =>
  error instanceof CrashTestError ? error.replay : error instanceof CannotMeasure ? error.remedy : null
// @ts-expect-error A module needs a kind.
crashTest({ subject: './log.js', promise: 'durable' })
// @ts-expect-error There is no such tier.
crashTest({ subject: '.', tiers: ['fire'] })
// @ts-expect-error An option that is misspelt is none.
crashTest({ subject: '.', second: 5 })
`

test.each([
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
])(
  'crash tests are typed without the types of anything else: module %s, resolution %s',
  async (module, moduleResolution) => {
    const one = part()
    writeFileSync(join(one.folder, 'crash.test.mts'), CRASH_TEST)
    const compilerOptions = {
      ...{ module, moduleResolution, target: 'es2023', lib: ['es2023'], types: [], noEmit: true },
      ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
    }
    const config = { compilerOptions, files: ['crash.test.mts'] }
    writeFileSync(join(one.folder, 'tsconfig.json'), JSON.stringify(config))
    expect((await one.run(TSC, '-p', '.')).stdout).toBe('')
  },
)

test('the answers go to stdout, and a reader that has enough ends them without a word', async () => {
  const say = async (line: string) => {
    const { stdout, stderr } = await original.run('bash', '-c', line)
    return [stdout, stderr]
  }
  expect(Number((await say('npx pullplug cells | wc -l'))[0])).toBeGreaterThan(0)
  expect(await say('npx pullplug help matrix | head -1')).toEqual([
    'Usage: pullplug matrix [options]',
    '',
  ])
  expect(await say('npx pullplug --help | head -1')).toEqual(['Usage: pullplug <command>', ''])
  expect(await say('npx pullplug cells | true')).toEqual(['', ''])
})

test('verify leaves nothing in the working directory', async () => {
  const one = project()
  const log = join(one.folder, 'log')
  mkdirSync(log)
  const source = `import { Wal } from 'pullplug/wal'; Wal.open('log').close()`
  await one.run('node', '--input-type=module', '-e', source)
  await one.commit()
  expect(await one.pullplug('verify', 'log')).toMatchObject({ exitCode: 0, stderr: '' })
  expect(await one.pullplug('verify', 'log', '--json')).toMatchObject({ exitCode: 0, stderr: '' })
  expect(await changesIn(one)).toBe('')
})

test('what init writes names what is there, keeps the contract, and breaks it when it forgets', async () => {
  const one = project()
  expect(await one.pullplug('init', '--kind', 'log')).toMatchObject({ exitCode: 0, stderr: '' })
  const { $schema } = JSON.parse(readFileSync(join(one.folder, 'pullplug.json'), 'utf8'))
  expect(JSON.parse(readFileSync(join(one.folder, $schema), 'utf8'))).toHaveProperty('$id')
  expect(await one.pullplug('check')).toMatchObject({ exitCode: 0, stderr: '' })
  const adapter = join(one.folder, 'pullplug-adapter.mjs')
  const text = readFileSync(adapter, 'utf8')
  writeFileSync(adapter, text.replace('return this.list', 'return []'))
  const { exitCode, stdout } = await one.pullplug('check')
  expect(exitCode).toBe(1)
  const page = 'node_modules/pullplug/docs/subjects.md'
  expect(stdout).toContain(`breaks the contract, which ${page} tells`)
  expect(published()).toContain('docs/subjects.md')
})

test('the subjects that are published with it can be checked where they are', async () => {
  for (const name of ['wal', 'git']) {
    const { exitCode, stdout } = await original.pullplug(
      'check',
      `node_modules/pullplug/subjects/${name}`,
    )
    expect([exitCode, stdout.split('\n').at(-1)]).toEqual([0, `pass: ${name} keeps the contract`])
  }
})

testVolumes(
  `a log of somebody’s passes the test, and the program of the README fails it without its sync of the folder${NEEDS}`,
  async () => {
    const one = project()
    await one.pullplug('init', '--language', 'js', '--kind', 'log')
    const sound = await one.pullplug('test', '--fs', 'ext4', '--seconds', '8', '--seed', '1')
    expect([sound.exitCode, sound.stdout]).toEqual([0, expect.stringContaining('pass')])
    writeProgramOfReadme(one, 'fs.fsyncSync(folder)')
    const cut = ['--tier', 'power-cut', '--fs', 'ext4', '--seconds', '4', '--seed', '1']
    const { exitCode, stdout } = await one.pullplug('test', ...cut)
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('acked-lost: ')])
  },
  300_000,
)

testVolumes(
  `a matrix passes in a clean repository, and the gate says what it lacks${NEEDS}`,
  async () => {
    const one = project()
    const commit = await one.commit()
    const short = [
      '--fs',
      'ext4',
      '--iterations',
      '3',
      '--states',
      '20',
      '--error-cases',
      '8',
      '--seed',
      '1',
    ]
    const { exitCode, stderr } = await one.pullplug('matrix', ...short)
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('wal-tests skipped')])
    const cell = `${nativeArch()}/ext4`
    expect(runIn(one, cell)).toMatchObject({ verdict: 'pass', commit, dirty: false })
    const gate = await one.pullplug('gate', '--json')
    const { cells } = JSON.parse(gate.stdout)
    expect(gate.exitCode).toBe(1)
    expect(cells.find((each: { cell: string }) => each.cell === cell)?.reason).toMatch(
      /^(run-1: the log’s own tests did not run: |1 run, )/,
    )
  },
  300_000,
)

test('a matrix of a log that is broken on purpose fails, beside earlier evidence', async () => {
  const one = project()
  mkdirSync(join(one.folder, 'evidence', 'amd64'), { recursive: true })
  writeFileSync(join(one.folder, 'evidence', 'amd64', 'of-an-earlier-run'), '')
  const broken = ['--fs', 'workdir', '--iterations', '6', '--subject', 'safe-seq-in-place']
  const stopping = ['--runs', '2', '--max-failures', '1']
  const { exitCode, stdout } = await one.pullplug('matrix', ...broken, ...stopping, '--seed', '42')
  expect(exitCode).toBe(1)
  const cell = `${nativeArch()}/workdir`
  expect(stdout.split('\n').at(-1)).toMatch(
    new RegExp(`^fail: ${cell} \\(kill.*; not run, by --max-failures: ${cell} run-2; seed 42; `),
  )
  expect(runIn(one, cell)).toMatchObject({ verdict: 'fail', dirty: false })
  const lastFailed = ['--last-failed', '--subject', 'safe-seq-in-place', '--max-failures', '1']
  const again = await one.pullplug('matrix', ...lastFailed)
  expect([again.exitCode, again.stdout]).toEqual([
    1,
    expect.stringMatching(
      /--iteration \d+\n(.|\n)*\nfail: 1 of 1 failures in evidence failed again; not run, by --max-failures: \d+ more; /,
    ),
  ])
  const ofOurs = await one.pullplug('matrix', '--last-failed')
  expect([ofOurs.exitCode, ofOurs.stderr]).toEqual([
    3,
    expect.stringContaining('there is no run of wal in evidence whose failures'),
  ])
}, 300_000)
