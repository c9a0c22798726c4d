import { expect, test } from 'vitest'
import type { CellDecision, GateDecision } from './decision.ts'
import { summaryOf } from './summary.ts'

const NONE = new Map()

const cellOf = (
  cell: string,
  result: CellDecision['result'],
  change: object = {},
): CellDecision => ({
  cell,
  status: 'gated',
  result,
  reason: result,
  runs: 1,
  replays: [],
  ...change,
})

const decisionOf = (...cells: CellDecision[]): GateDecision => ({
  schema: 'https://pullplug.dev/schemas/gate/2.json',
  decision: cells.some(({ result }) => result === 'fail') ? 'fail' : 'pass',
  commit: null,
  cells,
  problems: [],
})

test('a grid has a row an architecture and a column a file system', () => {
  const decision = decisionOf(
    cellOf('amd64/ext4', 'pass'),
    cellOf('amd64/xfs', 'fail'),
    cellOf('riscv64/ext4', 'warn'),
    cellOf('riscv64/xfs', 'absent'),
    cellOf('s390x/ext4', 'absent'),
  )
  expect(summaryOf(decision, false, NONE).split('\n').slice(0, 7)).toEqual([
    '## ❌ Pullplug gate: fail',
    '',
    '| | ext4 | xfs |',
    '| --- | :-: | :-: |',
    '| amd64 | ✅ | ❌ |',
    '| riscv64 | ⚠️ | — |',
    '| s390x | — | — |',
  ])
})

test('below it stand the cells that did not pass, failures first, with their replay lines', () => {
  const replay = 'npx pullplug replay evidence/amd64/ext4/run-1 --iteration 2'
  const decision = decisionOf(
    cellOf('riscv64/ext4', 'warn', { status: 'informational', reason: 'it is inconclusive' }),
    cellOf('amd64/ext4', 'fail', { reason: 'it failed', replays: [replay] }),
    cellOf('amd64/xfs', 'pass'),
  )
  expect(summaryOf(decision, true, NONE).split('\n').slice(6)).toEqual([
    '',
    '❌ **amd64/ext4** (gated): `it failed`',
    '',
    '```sh',
    replay,
    '```',
    '',
    '⚠️ **riscv64/ext4** (informational): `it is inconclusive`',
    '',
  ])
})

test('what evidence says cannot become markup', () => {
  const decision = { ...decisionOf(), problems: ['a <b>|`file`\n# of theirs'] }
  expect(summaryOf(decision, true, NONE)).toContain('❌ `` a <b>|`file` # of theirs ``')
})
