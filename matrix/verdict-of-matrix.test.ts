import { expect, test } from 'vitest'
import type { Story } from '../harness/story/story.ts'
import type { Verdict } from './evidence/types.ts'
import { adviceInWords } from './gate/advice.ts'
import type { CellDecision, GateDecision } from './gate/decision.ts'
import { renderRuns, renderStories } from './render-runs.ts'
import type { CellRun } from './run-cell.ts'
import type { MatrixResult } from './run-matrix.ts'
import { verdictOfMatrix } from './verdict-of-matrix.ts'

/** A run of a cell, each of whose steps has a verdict. */
function ran(cell: string, steps: Record<string, Verdict>, run = 1): CellRun {
  const [arch, fileSystem] = cell.split('/')
  const verdict = (['fail', 'inconclusive', 'pass'] as const).find((each) =>
    Object.values(steps).includes(each),
  )
  const figures = { passed: 99_999, failed: 0, iterations: 99_999, states: 99_999, contents: 999 }
  const made = Object.entries(steps).map(([name, each]) => ({
    ...{ name, verdict: each, controls: [], durationMs: 99_900, ...figures },
  }))
  const record = { cell: { arch, fileSystem }, run, seed: 41 + run, verdict, steps: made }
  return {
    run: { ...record, subjectPath: null } as never,
    path: `evidence/${cell}/run-${run}`,
    stories: [],
  }
}

const result = (runs: CellRun[], more: Partial<MatrixResult> = {}): MatrixResult => ({
  ...{ runs, broken: [], missing: [], notBegun: [], ...more },
})
const EXT4 = ran('amd64/ext4', { kill: 'pass', 'power-cut': 'pass' })
const XFS = ran('amd64/xfs', { kill: 'pass', 'power-cut': 'pass' })
const FAILING = ran('amd64/xfs', { kill: 'fail', 'power-cut': 'fail', 'known-good': 'pass' })
const asked = (cell: string, isAsked: boolean) => ({ cell, needs: ['QEMU'], asked: isAsked })

test.each([
  ['a pass', result([EXT4, XFS]), 'pass: amd64/ext4, amd64/xfs; seed 42; 90 s'],
  [
    'cells that this machine does not have',
    result([EXT4], { missing: [asked('arm64/ext4', false) as never] }),
    'pass: amd64/ext4; seed 42; 90 s',
  ],
  [
    'a failure',
    result([EXT4, FAILING]),
    'fail: amd64/xfs (kill, power-cut); pass: amd64/ext4; seed 42; 90 s',
  ],
  [
    'a cell that was asked for',
    result([EXT4], { missing: [asked('arm64/ext4', true) as never] }),
    'missing: could not be run: arm64/ext4; pass: amd64/ext4; seed 42; 90 s',
  ],
  [
    'no cell',
    result([], { missing: [asked('arm64/ext4', true) as never] }),
    'missing: no cell was run; could not be run: arm64/ext4; 90 s',
  ],
  [
    'failures enough',
    result([FAILING, ran('amd64/ext4', { kill: 'pass' }, 2)], { notBegun: ['amd64/xfs run-2'] }),
    'fail: amd64/xfs run-1 (kill, power-cut); pass: amd64/ext4 run-2; not run, by --max-failures: amd64/xfs run-2; seeds 42 to 43; 90 s',
  ],
])('the verdict of a matrix is one line: %s', (_, given, line) => {
  expect(verdictOfMatrix(given, 90_000)).toBe(line)
})

test('the table of a matrix fits 80 columns, and has a line a step', () => {
  const steps = { kill: 'inconclusive', 'power-cut': 'pass', 'atomic-rename': 'skipped' } as const
  const lines = renderRuns([ran('riscv64/workdir', steps), EXT4], 80).split('\n')
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  expect(lines.slice(0, 5)).toEqual([
    'cell, step       verdict       passed                               s',
    'riscv64/workdir  inconclusive',
    '  kill           inconclusive  99999/99999, controls 0/0         99.9',
    '  power-cut      pass          99999/99999 states, 999 contents  99.9',
    '  atomic-rename  skipped                                         99.9',
  ])
  expect(lines.slice(-2)).toEqual([
    'evidence: evidence/riscv64/workdir/run-1',
    'evidence: evidence/amd64/ext4/run-1',
  ])
  const narrow = renderRuns([EXT4], 30).split('\n')
  expect(narrow[0]).toBe('cell, step   verdict')
})

test('of many runs, only the steps that did not pass have a line', () => {
  const many = [1, 2, 3, 4].map((run) => ran('amd64/ext4', { kill: 'pass' }, run))
  const said = renderRuns([...many, FAILING], 80)
  expect(said).not.toContain('known-good')
  expect(said.match(/^ {2}kill +fail/gm)).toHaveLength(1)
  expect(said.match(/^evidence: /gm)).toHaveLength(1)
})

const decision = (cells: Partial<CellDecision>[], problems: string[] = []): GateDecision => ({
  schema: 'https://pullplug.dev/schemas/gate/2.json',
  decision: cells.some(({ result: each }) => each === 'fail') ? 'fail' : 'pass',
  commit: null,
  cells: cells.map((cell) => ({
    ...{ cell: 'amd64/ext4', status: 'gated', result: 'pass', runs: 1, reason: '', replays: [] },
    ...(cell as object),
  })),
  problems,
})

test('what the gate would say is one line, that names cells by why it would not pass them', () => {
  const dirty = 'run-1: it is of a tree with uncommitted changes'
  const cells: Partial<CellDecision>[] = [
    { result: 'fail', reason: dirty },
    { cell: 'amd64/xfs', result: 'fail', reason: dirty },
    { cell: 'arm64/ext4', result: 'fail', runs: 0, reason: 'there is no evidence' },
    { cell: 'riscv64/ext4', result: 'absent', runs: 0 },
  ]
  expect(adviceInWords(decision(cells), 'evidence')).toBe(
    `The gate would not pass yet: no evidence of arm64/ext4; amd64/ext4, amd64/xfs: ${dirty} (pullplug gate evidence tells more).`,
  )
  expect(adviceInWords(decision([{}]), 'evidence')).toBe(
    'The gate would pass all of it (pullplug gate evidence).',
  )
})

test('what failed is told, at most five stories of it, with nothing of it hidden', () => {
  const story: Story = {
    tier: 'kill',
    case: '3',
    title: 'it does not open any more\u001b[2J after a kill',
    asked: [],
    struck: 'Killed.',
    disk: [],
    returned: 'Nothing.',
    failures: [{ name: 'refused', detail: 'torn' }],
    breaks: 'Durable.',
    events: [],
    reduced: null,
    cause: 'kill, refused',
    count: 2,
    replay: 'npx pullplug replay evidence/amd64/xfs/run-1 --iteration 3',
  }
  const told = renderStories([EXT4, { ...FAILING, stories: [story] }])
  expect(told[0]).toBe('amd64/xfs kill:')
  expect(told.join('\n')).toContain(story.replay)
  expect(told.join('\n')).not.toContain('\u001b')
  const many = renderStories([{ ...FAILING, stories: Array(7).fill(story) }])
  expect(many).toContain('2 more stories stand in the evidence.')
  expect(renderStories([EXT4])).toEqual([])
})
