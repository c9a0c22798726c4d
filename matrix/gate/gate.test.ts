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
import { type GoodRead, readRun } from '../evidence/read.ts'
import { NO_TESTS } from '../steps/wal-tests/conclude.ts'
import type { Asked } from '../testing/draft.ts'
import {
  COMMIT,
  conclude,
  type Draft,
  NOW,
  putAsked,
  putRun,
  putShard,
  redoSums,
  skipPowerCut,
  skipWalTests,
  temporaryFolder,
} from '../testing/evidence.ts'
import { failingState } from '../testing/failing-state.ts'
import { runGate } from './gate.ts'
import { renderDecision } from './render.ts'

const GATED = ['amd64/ext4', 'amd64/xfs', 'arm64/ext4']

/** Evidence in which every gated cell is good, but for `change` on the first. */
function goodTree(change?: (draft: Draft) => void, asked: Partial<Asked> = {}): string {
  const root = temporaryFolder()
  for (const cell of GATED) {
    if (cell === 'amd64/ext4') putAsked(root, cell, asked, change)
    else putRun(root, cell)
  }
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
  const [first] = draft.iterations
  const { acked } = first as (typeof draft.iterations)[0]
  const detail = `${acked} entries were acknowledged and 0 came back`
  const failures = [{ name: 'acked-lost', detail }]
  Object.assign(first ?? {}, { verdict: 'fail', recovered: 0, failures })
  conclude(draft)
}
const inconclusive = (draft: Draft): void => {
  const reason = 'a kill was not delivered'
  Object.assign(draft.iterations[1] ?? {}, { verdict: 'inconclusive', delivered: false, reason })
  conclude(draft)
}

const DAY_BEFORE = { startedAt: '2026-01-01T10:59:00Z', finishedAt: '2026-01-01T11:00:00Z' }

const DRAFTS: [string, Partial<Asked>, (draft: Draft) => void, string][] = [
  ['failed', {}, failing, 'run-1: it failed: kill: 1 of 2 iterations failed: acked-lost'],
  [
    'inconclusive',
    {},
    inconclusive,
    'run-1: it is inconclusive: kill: 1 of 2 iterations are inconclusive: a kill was not delivered',
  ],
  [
    'of another commit',
    {},
    ({ run }) => Object.assign(run, { commit: 'f'.repeat(40) }),
    'run-1: it is of commit ffffffffffff and not of 0123456789ab',
  ],
  [
    'of no commit',
    {},
    ({ run }) => Object.assign(run, { commit: null, dirty: null }),
    'run-1: it names no commit',
  ],
  [
    'of a tree with uncommitted changes',
    {},
    ({ run }) => Object.assign(run, { dirty: true }),
    'run-1: it is of a tree with uncommitted changes',
  ],
  ['too old', DAY_BEFORE, () => {}, 'run-1: it is 25 hours old, and 24 are allowed'],
  [
    'from the future',
    {},
    ({ run }) => Object.assign(run, { finishedAt: '2026-01-02T13:00:00Z' }),
    'run-1: it is from the future: 2026-01-02T13:00:00Z',
  ],
  [
    'without a delivered fault',
    {},
    (draft) => {
      const kill = { iterations: 0, delivered: 0, passed: 0, controls: [] }
      Object.assign(draft.kill, { ...kill, verdict: 'inconclusive', reason: 'the disk was full' })
      Object.assign(draft.run, { verdict: 'inconclusive', pass: false })
      draft.iterations.length = 0
    },
    'run-1: it delivered no fault',
  ],
  [
    'with a missed control',
    {},
    (draft) => {
      const missed = { caught: false, failure: null, by: null, iterations: 18 }
      Object.assign(draft.kill.controls[3] ?? {}, missed)
      conclude(draft)
    },
    'run-1: it missed its control no-truncation',
  ],
  [
    'whose log was not tested',
    {},
    skipWalTests,
    `run-1: the log’s own tests did not run: ${NO_TESTS}`,
  ],
  ['whose power was never cut', {}, skipPowerCut, 'run-1: its power was never cut: it needs root'],
  [
    'that failed when its power was cut',
    {},
    (draft) => {
      failingState(draft)
      Object.assign(draft.powerCut?.states ?? {}, { failed: 1 })
      conclude(draft)
    },
    'run-1: it failed: power-cut: 1 of 100 states failed: acked-lost',
  ],
  [
    'emulated in place of native',
    { emulatedOn: 'arm64' },
    () => {},
    'run-1: it ran under qemu-user, which does not stand for a native machine',
  ],
  [
    'of a control, run on purpose',
    { subject: 'no-sync' },
    () => {},
    'run-1: it ran no-sync, a subject broken on purpose',
  ],
  [
    'with another status than the cell has',
    {},
    ({ run }) => Object.assign(run.cell, { status: 'informational' }),
    'run-1: it says that the cell is informational, and it is gated',
  ],
]

test.each(DRAFTS)(
  'a gated cell with a run %s fails the gate',
  async (...[, asked, change, reason]) => {
    expect(await cellOf(goodTree(change, asked))).toEqual({
      decision: 'fail',
      exitCode: 1,
      result: 'fail',
      reason,
    })
  },
)

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
    'iterations.ndjson does not end with a whole line',
  ],
  [
    'an iteration taken out with care',
    (root) => editWithCare(root, 'iterations.ndjson', (text) => `${text.split('\n')[0]}\n`),
    'its iterations are not those that were asked for: it has none after iteration 1 of 2',
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
    (root) => editWithCare(root, 'run.json', (text) => text.replace('/run/5.json', '/run/1.json')),
    'run.json is not valid: it is of the schema https://pullplug.dev/schemas/run/1.json, and only https://pullplug.dev/schemas/run/5.json is known here',
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
    'cmd.txt is a link and not a file',
  ],
  [
    'an emulation that its host belies',
    (root) => editWithCare(root, 'run.json', (text) => text.replace('"none"', '"qemu-user"')),
    'its emulation contradicts its emulator',
  ],
  [
    'another share of the iterations than was asked for',
    (root) => {
      editWithCare(root, 'run.json', (text) =>
        text.replace('"iterations": 2,\n  "everyPoint"', '"iterations": 3,\n  "everyPoint"'),
      )
      editWithCare(root, 'cmd.txt', (text) => text.replace('--iterations 2', '--iterations 3'))
    },
    'its iterations are not those that were asked for: it has none after iteration 2 of 3',
  ],
  [
    'no portability.json',
    (root) => {
      rmSync(join(root, RUN, 'portability.json'))
      editWithCare(root, 'run.json', (text) => text)
    },
    'the portability step says pass without portability.json',
  ],
  [
    'a pair that did not pass',
    (root) =>
      editWithCare(root, 'portability.json', (text) => text.replace('"passed": 3', '"passed": 2')),
    'the pair amd64 to amd64 passes with 2 of 3 crashes',
  ],
  [
    'garbage for sums',
    (root) => writeFileSync(join(root, RUN, 'SHA256SUMS'), Buffer.from([0, 255, 10, 13])),
    'SHA256SUMS is not UTF-8',
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
  const old = goodTree(undefined, DAY_BEFORE)
  expect((await decide(old, { maxAgeHours: 48 })).exitCode).toBe(0)
})

test('people get a line a cell, the replay line of each failure, and the decision last', async () => {
  const root = goodTree(failing)
  const { decision } = await decide(root)
  const lines = renderDecision(decision).split('\n')
  expect(lines.some((line) => /^amd64\/xfs +gated +.*pass/.test(line))).toBe(true)
  expect(lines).toContain(`  npx pullplug replay ${join(root, RUN)} --iteration 1`)
  expect(lines.at(-1)).toContain('gate: ')
})

test.each([
  ['its power cuts', skipPowerCut],
  ['the log’s own tests', skipWalTests],
])('an informational cell may skip %s, and an optional one is warned of', async (_, skip) => {
  const root = goodTree()
  putRun(root, 'riscv64/ext4', skip)
  putRun(root, 'riscv64/xfs', skip)
  expect(await cellOf(root, 'riscv64/ext4')).toMatchObject({ exitCode: 0, result: 'pass' })
  expect(await cellOf(root, 'riscv64/xfs')).toMatchObject({ exitCode: 0, result: 'warn' })
})

test('a run that was taken out of a cell leaves a gap, which fails the gate', async () => {
  const root = goodTree()
  putRun(root, 'amd64/ext4', undefined, 3)
  expect(await cellOf(root)).toMatchObject({
    result: 'fail',
    reason: 'run-2 is missing, and run-3 is there',
  })
})

test('a state that failed has its line, which names where the evidence stands', async () => {
  const root = goodTree((draft) => {
    failingState(draft)
    Object.assign(draft.powerCut?.states ?? {}, { failed: 1 })
    conclude(draft)
  })
  const { decision } = await decide(root)
  expect(decision.cells[0]?.replays[0]).toMatch(
    new RegExp(`^npx pullplug replay ${join(root, RUN)} --state 1\\.\\d+$`),
  )
})

test('each step that did not pass has lines: its parts, or the run where none can be run alone', async () => {
  const root = goodTree((draft) => {
    failingState(draft)
    Object.assign(draft.powerCut?.states ?? {}, { failed: 1 })
    const pair = draft.portability?.pairs[0]
    const failures = [{ name: 'phantom', detail: 'an entry that nobody wrote' }]
    const confirmations = { taken: 1, agreed: 1, durationMs: 1 }
    Object.assign(pair ?? {}, { verdict: 'fail', failures, confirmations })
    conclude(draft)
  })
  const { decision } = await decide(root)
  expect(decision.cells[0]?.reason).toContain('it failed: portability: ')
  expect(decision.cells[0]?.replays).toEqual([
    expect.stringMatching(/^npx pullplug matrix --arch amd64 --fs ext4 --seed 7 /),
    expect.stringMatching(/^npx pullplug replay \S+ --state 1\.\d+$/),
  ])
})

/** Evidence of a run that was copied to another place, and says of itself that it ran there. */
function copied(change: (draft: Draft) => void, run: number): string {
  const root = goodTree()
  putRun(root, 'amd64/ext4', change, run)
  return root
}

const original = (root: string) => readRun(join(root, RUN))

test.each([
  [
    'the disk of a recording',
    (draft: Draft, read: GoodRead) => draft.recordings.set(1, read.recordings.get(1) as Uint8Array),
  ],
  [
    'the folder of their known-good logs',
    (draft: Draft, { verifyReport }: GoodRead) =>
      Object.assign(draft.verifyReport ?? {}, { directory: verifyReport?.directory }),
  ],
])('two runs that share %s are one run, and fail the gate', async (what, share) => {
  const read = original(goodTree())
  const root = copied((draft) => {
    if (read.ok) share(draft, read)
  }, 2)
  const { decision } = await decide(root)
  expect(decision).toMatchObject({
    decision: 'fail',
    problems: [`amd64/ext4/run-1 and amd64/ext4/run-2 are one run: they share ${what}`],
  })
})
