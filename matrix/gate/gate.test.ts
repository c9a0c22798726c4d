import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MachineError } from '../../harness/process/machine-error.ts'
import type { StateProblemRecord } from '../evidence/types.ts'
import {
  COMMIT,
  type Draft,
  NOW,
  powerCutStep,
  putRun,
  putShard,
  redoSums,
  skipPowerCut,
  spoil,
  temporaryFolder,
} from '../testing/evidence.ts'
import { runGate } from './gate.ts'
import { renderDecision } from './render.ts'

const GATED = ['amd64/ext4', 'amd64/xfs', 'arm64/ext4']

/** Evidence in which every gated cell is good, but for `change` on the first. */
function goodTree(change?: (draft: Draft) => void): string {
  const root = temporaryFolder()
  for (const cell of GATED) putRun(root, cell, cell === 'amd64/ext4' ? change : undefined)
  return root
}

const decide = (directory: string, options: Partial<Parameters<typeof runGate>[0]> = {}) =>
  runGate({ directory, commit: COMMIT, now: NOW, advisory: false, ...options })

/** What the gate says of one cell. */
async function cellOf(root: string, name = 'amd64/ext4') {
  const { decision, exitCode } = await decide(root)
  const cell = decision.cells.find((each) => each.cell === name)
  return { decision: decision.decision, exitCode, result: cell?.result, reason: cell?.reason }
}

const RUN = join('amd64', 'ext4', 'run-1')
const edit = (root: string, file: string, change: (text: string) => string): void => {
  const path = join(root, RUN, file)
  writeFileSync(path, change(readFileSync(path, 'utf8')))
}

function editWithCare(root: string, file: string, change: (text: string) => string): void {
  edit(root, file, change)
  const path = join(root, RUN)
  const names = readdirSync(path).filter((name) => name !== 'SHA256SUMS')
  redoSums(path, new Map(names.map((name) => [name, readFileSync(join(path, name))])))
}

test('a tree in which every gated cell passes is let through, optional ones absent', async () => {
  const { decision, exitCode } = await decide(goodTree())
  expect(exitCode).toBe(0)
  expect(decision.cells.map(({ cell, result }) => `${cell} ${result}`)).toEqual([
    'amd64/ext4 pass',
    'amd64/xfs pass',
    'arm64/ext4 pass',
    'arm64/xfs absent',
    'riscv64/xfs absent',
    'riscv64/ext4 absent',
    's390x/ext4 absent',
  ])
  expect(decision.cells[0]?.reason).toBe('1 run, 2 iterations survived, every control caught')
})

const failing = (draft: Draft): void => {
  spoil(draft, 'fail', '1 of 2 iterations failed: acked-lost')
  Object.assign(draft.kill, { passed: 1, failed: 1 })
  Object.assign(draft.iterations[1] ?? {}, {
    verdict: 'fail',
    failures: [{ name: 'acked-lost', detail: '2 entries were acknowledged and 1 came back' }],
  })
}
const inconclusive = (draft: Draft): void => {
  spoil(draft, 'inconclusive', 'a kill was not delivered')
  Object.assign(draft.kill, { passed: 1, delivered: 1, inconclusive: 1 })
  Object.assign(draft.iterations[1] ?? {}, {
    verdict: 'inconclusive',
    delivered: false,
    reason: 'late',
  })
}

const PROBLEM: StateProblemRecord = {
  state: '1.7',
  kind: 'prefix',
  what: 'power cut at 30: prefix, 0 of 2 writes in flight kept',
  acked: 2,
  recovered: 1,
  failures: [{ name: 'acked-lost', detail: '2 entries were acknowledged and 1 came back' }],
  notJudged: null,
  replay: 'npx pullplug replay evidence/amd64/ext4/run-1 --state 1.7',
}

/** As if it was merged from two shards, the first of them with `first` in place of what is good. */
const mergedFrom =
  (first: object) =>
  ({ run }: Draft): void => {
    const { host, startedAt, finishedAt } = run
    const shard = { startedAt, finishedAt, host, sums: 'a'.repeat(64) }
    Object.assign(run, {
      shards: [
        { ...shard, index: 1, ...first },
        { ...shard, index: 2 },
      ],
    })
  }

const DRAFTS: [string, (draft: Draft) => void, string][] = [
  ['failed', failing, 'run-1: it failed: kill: 1 of 2 iterations failed: acked-lost'],
  ['inconclusive', inconclusive, 'run-1: it is inconclusive: kill: a kill was not delivered'],
  [
    'of another commit',
    ({ run }) => Object.assign(run, { commit: 'f'.repeat(40) }),
    'run-1: it is of commit ffffffffffff and not of 0123456789ab',
  ],
  [
    'of no commit',
    ({ run }) => Object.assign(run, { commit: null, dirty: null }),
    'run-1: it names no commit',
  ],
  [
    'of a tree with uncommitted changes',
    ({ run }) => Object.assign(run, { dirty: true }),
    'run-1: it is of a tree with uncommitted changes',
  ],
  [
    'too old',
    ({ run }) => Object.assign(run, { finishedAt: '2026-01-01T11:00:00Z' }),
    'run-1: it is 25 hours old, and 24 are allowed',
  ],
  [
    'merged from a shard that is too old',
    mergedFrom({ finishedAt: '2026-01-01T11:00:00Z' }),
    'run-1: it is 25 hours old, and 24 are allowed',
  ],
  ['merged without one of its shards', mergedFrom({ index: 3 }), 'run-1: a shard of it is missing'],
  [
    'from the future',
    ({ run }) => Object.assign(run, { finishedAt: '2026-01-02T13:00:00Z' }),
    'run-1: it is from the future: 2026-01-02T13:00:00Z',
  ],
  [
    'without a delivered fault',
    ({ kill, iterations }) => {
      Object.assign(kill, { iterations: 0, delivered: 0, passed: 0 })
      iterations.length = 0
    },
    'run-1: it delivered no fault',
  ],
  [
    'with a missed control',
    ({ kill }) => Object.assign(kill.controls[0] ?? {}, { caught: false }),
    'run-1: it missed its control no-truncation',
  ],
  [
    'without a control to catch',
    ({ kill }) => kill.controls.shift(),
    'run-1: it had no control that it must catch',
  ],
  ['whose power was never cut', skipPowerCut, 'run-1: its power was never cut: it needs root'],
  [
    'that failed when its power was cut',
    (draft) => {
      const reason = '1 of 100 states failed: acked-lost'
      Object.assign(powerCutStep(draft), { verdict: 'fail', reason, failed: 1 })
      Object.assign(draft.powerCut?.states ?? {}, { failed: 1 })
      draft.powerCut?.problems.push(PROBLEM)
      Object.assign(draft.run, { verdict: 'fail', pass: false })
    },
    'run-1: it failed: power-cut: 1 of 100 states failed: acked-lost',
  ],
  [
    'emulated in place of native',
    ({ run }) => {
      Object.assign(run, { emulation: 'qemu-user' })
      Object.assign(run.runtime, { qemu: '10.0.2' })
      Object.assign(run.host, { arch: 'arm64' })
    },
    'run-1: it ran under qemu-user, which does not stand for a native machine',
  ],
  [
    'of a control, run on purpose',
    ({ run }) => Object.assign(run, { subject: 'no-sync' }),
    'run-1: it ran no-sync, a subject broken on purpose',
  ],
  [
    'with another status than the cell has',
    ({ run }) => Object.assign(run.cell, { status: 'informational' }),
    'run-1: it says that the cell is informational, and it is gated',
  ],
  [
    'on no volume',
    ({ run }) => Object.assign(run.mount, { volume: 'working-directory', imageBytes: null }),
    'run-1: it ran on no volume of its own',
  ],
]

test.each(DRAFTS)('a gated cell with a run %s fails the gate', async (_, change, reason) => {
  expect(await cellOf(goodTree(change))).toEqual({
    decision: 'fail',
    exitCode: 1,
    result: 'fail',
    reason,
  })
})

const EDITS: [string, (root: string) => void, string][] = [
  [
    'one edited byte',
    (root) => edit(root, 'run.json', (text) => text.replace('"seed": 7', '"seed": 8')),
    'run.json is not what was written: its SHA-256 differs from SHA256SUMS',
  ],
  [
    'a truncated file',
    (root) => truncateSync(join(root, RUN, 'iterations.ndjson'), 100),
    'iterations.ndjson is not what was written: its SHA-256 differs from SHA256SUMS',
  ],
  [
    'a truncated file and redone sums',
    (root) => editWithCare(root, 'iterations.ndjson', (text) => text.slice(0, 100)),
    'iterations.ndjson line 1 is not JSON',
  ],
  [
    'an iteration taken out with care',
    (root) => editWithCare(root, 'iterations.ndjson', (text) => `${text.split('\n')[0]}\n`),
    'run.json counts 2 iterations and iterations.ndjson has 1',
  ],
  [
    'a verdict turned with care',
    (root) =>
      editWithCare(root, 'run.json', (text) =>
        text.replace('"verdict": "pass",\n  "pass"', '"verdict": "fail",\n  "pass"'),
      ),
    'its verdict does not follow from its steps',
  ],
  [
    'a field too many',
    (root) => editWithCare(root, 'run.json', (text) => text.replace('{', '{"extra": 1,')),
    'run.json is not valid: it must NOT have additional properties (extra)',
  ],
  [
    'a schema of another version',
    (root) => editWithCare(root, 'run.json', (text) => text.replace('/run/2.json', '/run/1.json')),
    'run.json is not valid: it is of the schema https://pullplug.dev/schemas/run/1.json, and only https://pullplug.dev/schemas/run/2.json is known here',
  ],
  ['a file missing', (root) => rmSync(join(root, RUN, 'cmd.txt')), 'cmd.txt is missing'],
  [
    'a file that is not ours',
    (root) => writeFileSync(join(root, RUN, 'notes.txt'), ''),
    'notes.txt does not belong there',
  ],
  [
    'a link in place of a file',
    (root) => {
      rmSync(join(root, RUN, 'cmd.txt'))
      symlinkSync('/etc/hostname', join(root, RUN, 'cmd.txt'))
    },
    'cmd.txt is not a plain file',
  ],
  [
    'an emulation that its host belies',
    (root) => editWithCare(root, 'run.json', (text) => text.replace('"none"', '"qemu-user"')),
    'its emulation contradicts its emulator',
  ],
  [
    'another share of the iterations than was asked for',
    (root) =>
      editWithCare(root, 'run.json', (text) =>
        text.replace('"iterations": 2,\n  "everyPoint"', '"iterations": 3,\n  "everyPoint"'),
      ),
    'its iterations are not those that were asked for',
  ],
  [
    'no portability.json',
    (root) => {
      rmSync(join(root, RUN, 'portability.json'))
      editWithCare(root, 'run.json', (text) => text)
    },
    'the portability step passes without portability.json',
  ],
  [
    'a pair that did not pass',
    (root) =>
      editWithCare(root, 'portability.json', (text) => text.replace('"passed": 3', '"passed": 2')),
    'the pair amd64 to amd64 contradicts itself',
  ],
  [
    'garbage for sums',
    (root) => writeFileSync(join(root, RUN, 'SHA256SUMS'), Buffer.from([0, 255, 10, 13])),
    'SHA256SUMS is not a list of SHA-256 digests',
  ],
]

test.each(EDITS)('evidence with %s fails the gate', async (_, change, problem) => {
  const root = goodTree()
  change(root)
  expect(await cellOf(root)).toEqual({
    decision: 'fail',
    exitCode: 1,
    result: 'fail',
    reason: `run-1: ${problem}`,
  })
})

test('evidence that was moved to another cell fails the gate', async () => {
  const root = goodTree()
  mkdirSync(join(root, 'arm64', 'xfs'), { recursive: true })
  const { cpSync } = await import('node:fs')
  cpSync(join(root, RUN), join(root, 'arm64', 'xfs', 'run-1'), { recursive: true })
  expect(await cellOf(root, 'arm64/xfs')).toMatchObject({
    decision: 'fail',
    reason: 'run-1: it stands at arm64/xfs/run-1 and says that it is amd64/ext4/run-1',
  })
})

test('a gated cell that is missing fails the gate', async () => {
  const root = goodTree()
  rmSync(join(root, 'arm64'), { recursive: true })
  expect(await cellOf(root, 'arm64/ext4')).toEqual({
    decision: 'fail',
    exitCode: 1,
    result: 'fail',
    reason: 'there is no evidence of this gated cell',
  })
})

test('an empty folder fails, and a missing one is an error', async () => {
  const { decision, exitCode } = await decide(temporaryFolder())
  expect([decision.decision, exitCode]).toEqual(['fail', 1])
  await expect(decide(join(temporaryFolder(), 'none'))).rejects.toThrow(MachineError)
})

test('something foreign in the folder fails the gate', async () => {
  const root = goodTree()
  writeFileSync(join(root, 'amd64', 'ext4', 'run-1.zip'), '')
  const { decision } = await decide(root)
  expect(decision.decision).toBe('fail')
  expect(decision.problems).toEqual([
    `${join(root, 'amd64', 'ext4', 'run-1.zip')} is no run of ours`,
  ])
})

test.each(['arm64/xfs', 'riscv64/xfs', 'riscv64/ext4', 's390x/ext4', 'amd64/btrfs'])(
  'a failure of %s, which is not gated, warns and does not block',
  async (name) => {
    const root = goodTree()
    putRun(root, name, failing)
    expect(await cellOf(root, name)).toMatchObject({
      decision: 'pass',
      exitCode: 0,
      result: 'warn',
    })
  },
)

test('evidence that was tampered with fails the gate in any cell', async () => {
  const root = goodTree()
  const path = putRun(root, 'riscv64/ext4')
  writeFileSync(join(path, 'cmd.txt'), 'another command\n')
  expect(await cellOf(root, 'riscv64/ext4')).toMatchObject({ decision: 'fail', result: 'fail' })
})

test('a shard does not pass, and says what to do', async () => {
  const root = goodTree()
  rmSync(join(root, RUN), { recursive: true })
  putShard(root, 'amd64/ext4', { index: 1, of: 2 })
  expect(await cellOf(root)).toEqual({
    decision: 'fail',
    exitCode: 1,
    result: 'fail',
    reason: 'run-1-shard-1-of-2: it is shard 1 of 2: bring them together with pullplug merge',
  })
})

test('every run of a cell must pass', async () => {
  const root = goodTree()
  putRun(root, 'amd64/ext4', undefined, 2)
  expect(await cellOf(root)).toMatchObject({
    result: 'pass',
    reason: '2 runs, 4 iterations survived, every control caught',
  })
  putRun(root, 'amd64/ext4', failing, 10)
  expect(await cellOf(root)).toMatchObject({
    result: 'fail',
    reason: 'run-10: it failed: kill: 1 of 2 iterations failed: acked-lost',
  })
})

const otherLog = ({ portability }: Draft): void => {
  if (portability !== null) portability.digests.wal = 'e'.repeat(64)
}

test('a gated cell whose bytes differ from another gated one fails the gate', async () => {
  const root = goodTree()
  putRun(root, 'arm64/ext4', otherLog)
  const { decision } = await decide(root)
  expect(decision.decision).toBe('fail')
  expect(decision.problems).toEqual([
    'arm64/ext4 is not portable: the bytes of its log are not those of amd64/ext4',
  ])
})

test('a cell that is not gated and whose bytes differ warns', async () => {
  const root = goodTree()
  putRun(root, 's390x/ext4', otherLog)
  expect(await cellOf(root, 's390x/ext4')).toEqual({
    decision: 'pass',
    exitCode: 0,
    result: 'warn',
    reason: 'the bytes of its log are not those of amd64/ext4',
  })
})

test('as advice it decides the same and exits 0', async () => {
  const { decision, exitCode } = await decide(goodTree(failing), { advisory: true })
  expect([decision.decision, exitCode]).toEqual(['fail', 0])
})

test('the age that is allowed can be set', async () => {
  const old = goodTree(({ run }) => Object.assign(run, { finishedAt: '2026-01-01T11:00:00Z' }))
  expect((await decide(old, { maxAgeHours: 48 })).exitCode).toBe(0)
})

test('people get a line a cell, the replay line of each failure, and the decision last', async () => {
  const { decision } = await decide(goodTree(failing))
  const lines = renderDecision(decision).split('\n')
  expect(lines.some((line) => /^amd64\/xfs +gated +.*pass/.test(line))).toBe(true)
  expect(lines).toContain('  npx pullplug replay evidence/amd64/ext4/run-1 --iteration 2')
  expect(lines.at(-1)).toContain('gate: ')
})

test('an informational cell may skip its power cuts', async () => {
  const root = goodTree()
  putRun(root, 'riscv64/ext4', skipPowerCut)
  expect(await cellOf(root, 'riscv64/ext4')).toMatchObject({ exitCode: 0, result: 'pass' })
})
