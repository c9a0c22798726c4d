import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Description } from '../harness/subject/description.ts'
import { volumeCapabilities } from '../harness/volume/capabilities.ts'
import { type GoodRead, readRun } from './evidence/read.ts'
import { writeRun } from './evidence/write.ts'
import { runGate } from './gate/gate.ts'
import { nativeArch } from './host.ts'
import type { ReportModel } from './report/model.ts'
import { storiesOf } from './stories/told.ts'

/** Runs of a subject that a file describes: what they leave, and what is made of that. */

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')
const SOURCES = join(process.cwd(), 'harness', 'testing', 'subjects')
const CELL = `${nativeArch()}/ext4`
const RUN = `evidence/${CELL}/run-1`
const able = (await volumeCapabilities()).some(
  ({ fileSystem, available }) => fileSystem === 'ext4' && available,
)
const DESCRIPTION: Description = {
  name: 'lines',
  kind: 'log',
  module: './careful-log.mjs',
  promises: { kill: 'durable', 'power-cut': 'durable' },
  tests: ['node', '--check', 'careful-log.mjs'],
}

/** A repository of somebody's, with a log in it that keeps its promise, and all of it committed. */
async function repository() {
  const root = mkdtempSync(join(tmpdir(), 'pullplug-described-'))
  const run = (...args: string[]) =>
    execa(process.execPath, [CLI, ...args], { cwd: root, env: { TMPDIR: root }, reject: false })
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root })
  const commit = async (): Promise<void> => {
    await git('add', 'careful-log.mjs', 'pullplug.json')
    await git('commit', '--quiet', '--message', 'one')
  }
  copyFileSync(join(SOURCES, 'careful-log.mjs'), join(root, 'careful-log.mjs'))
  writeFileSync(join(root, 'pullplug.json'), JSON.stringify(DESCRIPTION))
  writeFileSync(join(root, '.gitignore'), 'pullplug-*\nv8-*\nnode-*\n')
  await git('init', '--quiet')
  await git('add', '.gitignore')
  await commit()
  return { root, run, commit, remove: () => rmSync(root, { recursive: true, force: true }) }
}

const MATRIX = ['matrix', '--subject', './pullplug.json', '--fs', 'ext4', '--no-install']
const SHORT = ['--seed', '3', '--iterations', '6', '--states', '150', '--error-cases', '24']

describe.skipIf(!able)('a run of a described subject (needs root and mkfs.ext4)', () => {
  let scene: Awaited<ReturnType<typeof repository>>
  let read: GoodRead
  beforeAll(async () => {
    scene = await repository()
    const { exitCode, all } = await scene.run(...MATRIX, ...SHORT, '--reporter', 'json=pullplug-r')
    const found = readRun(join(scene.root, RUN))
    if (!found.ok) throw new Error(`${found.problem}; the run ended with ${exitCode}: ${all}`)
    read = found
  })
  afterAll(() => scene.remove())

  test('leaves evidence of its steps, its description, and which kind of kill it was', () => {
    const { run, description, iterations, powerCut, recordings } = read
    expect(run).toMatchObject({
      subject: 'lines',
      subjectPath: './pullplug.json',
      dirty: false,
      verdict: 'pass',
      steps: [
        { name: 'own-tests', verdict: 'pass' },
        { name: 'kill', verdict: 'pass', iterations: 6, delivered: 6 },
        { name: 'power-cut', verdict: 'pass', states: 150 },
        { name: 'io-error', verdict: 'pass', failed: 0 },
      ],
    })
    expect(description).toEqual(DESCRIPTION)
    expect(iterations.map(({ faults }) => faults[0]?.kind)).toEqual(
      Array(6).fill('kill-at-operation'),
    )
    expect(powerCut?.states.contents).toBeGreaterThan(5)
    expect(recordings.size).toBeGreaterThan(0)
  })

  test('leaves the report that it was asked for, in which each state has what it showed', () => {
    const report: ReportModel = JSON.parse(readFileSync(join(scene.root, 'pullplug-r'), 'utf8'))
    const [cell] = report.cells.filter(({ runs }) => runs.length > 0)
    expect([report.verdict, report.subjects, cell?.runs.length]).toEqual(['pass', ['lines'], 1])
    const step = cell?.runs[0]?.steps.find(({ name }) => name === 'power-cut')
    const states = step?.recordings.flatMap((strip) => strip.states) ?? []
    expect(states.length).toBeGreaterThan(0)
    expect(states.every(({ verdict, outcome }) => verdict === 'pass' && outcome !== null)).toBe(
      true,
    )
    expect(step?.coverage?.points.at(-1)).toEqual({
      tried: 150,
      distinct: read.powerCut?.states.contents,
    })
    rmSync(join(scene.root, 'pullplug-r'))
  })

  test('passes the gate for what is described, and is no run of our own log', async () => {
    const asked = await scene.run('gate', '--subject', '.')
    expect(asked.stdout).toMatch(new RegExp(`${CELL} .* pass `))
    const unasked = await scene.run('gate')
    expect(unasked.stdout).toContain('and not our log: name it with --subject')
    writeFileSync(join(scene.root, 'other.json'), JSON.stringify({ ...DESCRIPTION, fresh: true }))
    const other = await scene.run('gate', '--subject', 'other.json')
    expect(other.stdout).toContain(
      'its subject.json does not describe lines as the file that is given',
    )
    rmSync(join(scene.root, 'other.json'))
  })

  test('is replayed where the description is named, and not by what evidence names', async () => {
    const again = ['replay', RUN, '--subject', 'pullplug.json']
    const iteration = await scene.run(...again, '--iteration', '2')
    expect([iteration.exitCode, iteration.stdout]).toEqual([
      0,
      expect.stringContaining('pass: the same outcome as recorded'),
    ])
    const state = await scene.run(...again, '--state', '1.7')
    expect([state.exitCode, state.stdout]).toEqual([
      0,
      expect.stringContaining('pass: the same outcome as recorded'),
    ])
    const unnamed = await scene.run('replay', RUN, '--iteration', '2')
    expect([unnamed.exitCode, unnamed.stderr]).toEqual([
      3,
      expect.stringContaining('Name the description with --subject.'),
    ])
  })

  test('gives its recordings to other tools', async () => {
    const log = join(scene.root, 'round-1.log')
    const { exitCode } = await scene.run('export', RUN, '--dm-log-writes', log)
    expect([exitCode, readFileSync(log).readBigUInt64LE(0)]).toEqual([0, 0x6a736677736872n])
    rmSync(log)
  })

  /** What the gate says of the evidence when it was changed and its sums were made anew. */
  async function refusalOf(change: (draft: Draft) => unknown): Promise<string> {
    const { run, command, description, iterations, logRecords, powerCut, ioError, recordings } =
      read
    const draft: Draft = structuredClone({
      stories: null,
      ...{ run, command, description, iterations, logRecords, powerCut, ioError },
      ...{
        verifyReport: null,
        portability: null,
        powerCutStates: null,
        recordings: new Map(recordings),
      },
    })
    change(draft)
    const root = mkdtempSync(join(tmpdir(), 'pullplug-described-lie-'))
    onTestFinished(() => rmSync(root, { recursive: true, force: true }))
    writeRun(root, { ...draft, stories: storiesOf(draft, draft.description) })
    const { decision } = await runGate({
      directory: root,
      commit: read.run.commit ?? '',
      description: DESCRIPTION,
      advisory: true,
    })
    const told = decision.cells.find(({ cell }) => cell === CELL)
    return told?.result === 'fail' ? told.reason.replace('run-1: ', '') : `${told?.result}`
  }

  test('is believed as it is', async () => {
    expect(await refusalOf(() => {})).toBe('pass')
  })

  test('is believed without recordings, which can be too large to be kept', async () => {
    const without = (draft: Draft): void => {
      draft.recordings = new Map()
      Object.assign(draft.powerCut ?? {}, { recordings: [] })
    }
    expect(await refusalOf(without)).toBe('pass')
  })

  test.each<[string, (draft: Draft) => unknown, string | RegExp]>([
    [
      'no description',
      (draft) => (draft.description = null),
      'it says that a file describes its subject, and has no subject.json',
    ],
    [
      'a description without its place',
      ({ run }) => (run.subjectPath = null),
      'it has a subject.json, and does not say where that stood',
    ],
    [
      'another name',
      ({ run }) => (run.subject = 'other'),
      'it says that it ran other, and its subject.json describes lines',
    ],
    [
      'a weaker promise',
      ({ description }) =>
        Object.assign(description ?? {}, { promises: { kill: 'opens', 'power-cut': 'opens' } }),
      'its control restored-backup is expected to be caught, and must be unseen',
    ],
    [
      'another kind',
      ({ description }) => Object.assign(description ?? {}, { kind: 'file' }),
      /^iteration \d was killed over append \d+, which its history never asks for$/,
    ],
    [
      'a larger volume',
      ({ description }) => Object.assign(description ?? {}, { volumeBytes: 16 * 1024 * 1024 }),
      /^the recording of round 1 begins with a disk of 8388608 bytes, and ext4 has 16777216$/,
    ],
    [
      'every point',
      ({ run }) => Object.assign(run, { everyPoint: true, iterations: null }),
      /^it says that it was killed at every point|cmd\.txt/,
    ],
    ['another seed', ({ run }) => Object.assign(run, { seed: 4 }), /cmd\.txt|workload/],
    [
      'another command',
      (draft) => (draft.command += ' '),
      'its cmd.txt holds another command than it ran by',
    ],
    [
      'an iteration less',
      ({ iterations }) => iterations.pop(),
      'its iterations are not those that were asked for: it has none after iteration 5 of 6',
    ],
    [
      'another moment of an operation',
      ({ iterations }) => {
        const [fault] = iterations[0]?.faults ?? []
        const moment = (fault as { moment: string }).moment === 'after' ? 'before' : 'after'
        Object.assign(fault ?? {}, { moment })
      },
      /^iteration 1 (was killed (before|after) an operation, and its seed means|says of a write)/,
    ],
    [
      'a change that its history never makes',
      ({ iterations }) => Object.assign(iterations[0]?.faults[0] ?? {}, { during: 'append 900' }),
      'iteration 1 was killed over append 900, which its history never asks for',
    ],
    [
      'bytes of a write that was not begun',
      ({ iterations }) => {
        const faults = iterations.flatMap(({ faults: [fault] }) => fault ?? [])
        for (const fault of faults) {
          if ('moment' in fault && fault.moment !== 'within') fault.writtenBytes = 1
        }
      },
      /^iteration \d says of a write what it does not say of its moment$/,
    ],
    [
      'a kill at a moment among those at operations',
      ({ iterations }) =>
        Object.assign(iterations[0] ?? {}, {
          faults: [{ kind: 'kill-at-moment', afterAcks: 1, delayMicros: 3 }],
        }),
      /^iteration 1 (has another workload|suffered other faults) than its seed means$/,
    ],
    [
      'an acknowledgement more than it was killed over',
      ({ iterations }) => {
        const one = iterations.find(({ acked }) => acked > 0)
        if (one !== undefined) Object.assign(one, { acked: one.acked + 20, recovered: null })
      },
      /^iteration \d says that \d+ changes were acknowledged, and it was killed over /,
    ],
    [
      'no fault',
      ({ iterations }) => Object.assign(iterations[0] ?? {}, { faults: [] }),
      /^iteration 1 (has another workload|suffered other faults) than its seed means$/,
    ],
    [
      'another history',
      ({ iterations }) => Object.assign(iterations[1]?.workload ?? {}, { entries: 3 }),
      'iteration 2 has another workload than its seed means',
    ],
    [
      'more acknowledgements than changes',
      ({ iterations }) => Object.assign(iterations[0] ?? {}, { acked: 99 }),
      /^iteration 1 says that 99 changes were acknowledged/,
    ],
    [
      'a loss that passes',
      ({ iterations }) =>
        Object.assign(iterations.find(({ acked }) => acked > 0) ?? {}, { recovered: 0 }),
      /^iteration \d passes, and 0 of \d+ acknowledged changes came back$/,
    ],
    [
      'changes that nobody sent',
      ({ iterations }) => Object.assign(iterations[0] ?? {}, { recovered: 500 }),
      /^iteration 1 says that the state after 500 changes came back/,
    ],
    [
      'a failure without a second look',
      ({ iterations }) =>
        Object.assign(iterations[0] ?? {}, {
          verdict: 'fail',
          failures: [{ name: 'hole', detail: 'x' }],
        }),
      'iteration 1 contradicts its second look',
    ],
    [
      'a control that was missed',
      ({ run }) => controls(run).splice(0, 1),
      'its control restored-backup is not there',
    ],
    [
      'a control that was not caught',
      ({ run }) =>
        Object.assign(controls(run)[0] ?? {}, { caught: false, failure: null, by: null }),
      /missed its control restored-backup/,
    ],
    [
      'a control of power cuts that is not there',
      ({ powerCut }) => powerCut?.controls.pop(),
      'its control another-history is not there',
    ],
    [
      'a control that nobody confirmed',
      ({ powerCut }) => Object.assign(powerCut?.controls[0] ?? {}, { confirmedBy: [] }),
      'its control without-flushes is said to have been confirmed by nobody',
    ],
    [
      'more states',
      ({ powerCut }) => Object.assign(powerCut?.states ?? {}, { tried: 151 }),
      /^power-cut\.json counts 151 states, 150 by kind$/,
    ],
    [
      'other contents',
      ({ powerCut }) => Object.assign(powerCut?.states ?? {}, { contents: 1000 }),
      /^power-cut\.json counts 1000 different contents|in the power-cut step/,
    ],
    [
      'a recording of nothing',
      ({ recordings }) => (recordings as Map<number, Uint8Array>).set(1, Buffer.from('x')),
      /^the recording of round 1 cannot be read/,
    ],
    [
      'a log’s records',
      ({ logRecords }) => logRecords.push({ level: 'warn', message: 'X', attributes: {} } as never),
      'it has records of a log that it did not run',
    ],
    [
      'a step of our log',
      ({ run }) => run.steps.reverse(),
      'its steps are io-error, power-cut, kill, own-tests',
    ],
  ])('is refused with %s', async (_, change, sentence) => {
    const refusal = await refusalOf(change)
    if (typeof sentence === 'string') expect(refusal).toBe(sentence)
    else expect(refusal).toMatch(sentence)
  })
})

type Draft = Parameters<typeof writeRun>[1]

function controls(run: Draft['run']) {
  const kill = run.steps.find(({ name }) => name === 'kill')
  return kill?.name === 'kill' ? kill.controls : []
}

test.skipIf(!able)(
  'shards of a described subject are merged into what the gate lets pass (needs root and mkfs.ext4)',
  async () => {
    const { root, run, remove } = await repository()
    onTestFinished(remove)
    for (const shard of ['1/2', '2/2']) {
      const { exitCode, stderr } = await run(
        ...MATRIX,
        ...SHORT,
        '--shard',
        shard,
        '--out',
        'parts',
      )
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining('power-cut pass')])
    }
    expect(await run('merge', 'parts', '--out', 'evidence')).toMatchObject({ exitCode: 0 })
    expect(readRun(join(root, RUN))).toMatchObject({
      ok: true,
      run: { shards: [{ index: 1 }, { index: 2 }], verdict: 'pass' },
      iterations: { length: 6 },
      powerCut: { states: { tried: 150 } },
    })
    const { stdout } = await run('gate', '--subject', '.')
    expect(stdout).toMatch(new RegExp(`${CELL} .* pass `))
  },
)

test.skipIf(!able)(
  'a described subject that syncs nothing fails, and the line that is printed shows it again (needs root and mkfs.ext4)',
  async () => {
    const { root, run, commit, remove } = await repository()
    onTestFinished(remove)
    const source = join(root, 'careful-log.mjs')
    const broken = readFileSync(source, 'utf8').replaceAll('fsyncSync(file)', '')
    writeFileSync(source, broken)
    await commit()
    const { exitCode, stdout, stderr } = await run(...MATRIX, ...SHORT)
    expect(exitCode).toBe(1)
    const [, state] = /replay \S+ --state (\S+) --subject \.\/pullplug\.json/.exec(stderr) ?? []
    expect(stdout).toContain(`--subject ./pullplug.json`)
    const again = await run('replay', RUN, '--state', state ?? '', '--subject', './pullplug.json')
    expect([again.exitCode, again.stdout]).toEqual([
      1,
      expect.stringContaining('fail: the same outcome as recorded'),
    ])
    const { stdout: gate } = await run('gate', '--subject', '.')
    expect(gate).toMatch(/run-1: it failed: power-cut: \d+ of 150 states failed.*: /)
  },
)

test.skipIf(!able)(
  'the own tests of a described subject are run, and a second time where they fail (needs root and mkfs.ext4)',
  async () => {
    const { root, run, commit, remove } = await repository()
    onTestFinished(remove)
    const tests = ['sh', '-c', 'echo "not ok 7" >&2; exit 3']
    writeFileSync(join(root, 'pullplug.json'), JSON.stringify({ ...DESCRIPTION, tests }))
    await commit()
    const { exitCode, stderr } = await run(...MATRIX, ...SHORT)
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('own-tests fail')])
    const read = readRun(join(root, RUN))
    expect(read.ok && read.run.steps[0]).toMatchObject({
      reason: 'its own tests failed: it ended with exit code 3: not ok 7',
      confirmations: { taken: 1, agreed: 1 },
    })
  },
)

test.each([
  [['--every-point'], '--every-point is for our own log'],
  [
    ['--arch', nativeArch() === 'arm64' ? 'amd64' : 'arm64'],
    'a described subject runs on this machine’s',
  ],
])('what only our log can be asked for is refused with %j', async (args, sentence) => {
  const { run, remove } = await repository()
  onTestFinished(remove)
  const { exitCode, stderr } = await run(...MATRIX, ...args)
  expect([exitCode, stderr]).toEqual([64, expect.stringContaining(sentence)])
})
