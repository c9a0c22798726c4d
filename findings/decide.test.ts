import { expect, test } from 'vitest'
import { decide } from './decide.ts'
import { exitCodeOfOutcomes } from './exit-code.ts'
import type { Run } from './result.ts'
import type { FailedRow, KeptRow } from './row.ts'

const BASE = {
  title: 'It loses what it acknowledged',
  description: 'store/pullplug.json',
  version: 'ours',
  tier: 'power-cut',
  fileSystems: ['ext4', 'xfs'],
  seeds: [1, 2],
  seconds: 10,
} as const

const BROKEN: FailedRow = {
  ...BASE,
  kind: 'broken',
  remark: 'It does not sync.',
  cured: 'store/cured.json',
  cure: 'Sync it.',
  shownOn: ['ext4'],
  failures: ['acked-lost', 'altered'],
}
const KEPT: KeptRow = { ...BASE, kind: 'kept' }

function run(name: string, verdict: Run['verdict'], failures: Run['failures'] = []): Run {
  const [fileSystem = '', seed = ''] = name.split(' ')
  const failed = failures.length
  const reason = verdict === 'pass' ? null : `for a reason of ${name}`
  const story = null
  return {
    fileSystem,
    seed: Number(seed),
    verdict,
    reason,
    cases: 9,
    failed,
    contents: 6,
    failures,
    story,
  }
}

const PASSING = ['ext4 1', 'xfs 1', 'ext4 2', 'xfs 2'].map((name) => run(name, 'pass'))
const lost = (name: string): Run => run(name, 'fail', ['acked-lost'])

/** The runs that pass, with these in their places. */
const but = (...others: Run[]): Run[] =>
  PASSING.map(
    (each) =>
      others.find(({ seed, fileSystem }) => seed === each.seed && fileSystem === each.fileSystem) ??
      each,
  )

test('a finding is as told when one seed shows it and the cured variant passes', () => {
  const decision = decide(BROKEN, { runs: but(lost('ext4 2')), cured: PASSING })
  expect(decision.outcome).toBe('as-told')
})

test('a finding that no seed shows is not as told', () => {
  expect(decide(BROKEN, { runs: PASSING, cured: PASSING })).toEqual({
    outcome: 'not-as-told',
    why: 'acked-lost or altered was not shown on ext4 in 2 recordings',
  })
})

test('a failure of another name, or on another file system, does not show a finding', () => {
  const runs = but(run('ext4 1', 'fail', ['refused']), lost('xfs 1'))
  expect(decide(BROKEN, { runs, cured: PASSING }).outcome).toBe('not-as-told')
})

test('a cured variant that fails takes the finding back, whatever was shown', () => {
  const cured = but(run('xfs 2', 'fail', ['altered']), run('ext4 1', 'inconclusive'))
  expect(decide(BROKEN, { runs: but(lost('ext4 1')), cured })).toEqual({
    outcome: 'not-as-told',
    why: 'the cured variant fails on xfs with seed 2: altered',
  })
})

test('a cured variant that fails outweighs a finding that could not be judged', () => {
  const runs = but(run('ext4 1', 'inconclusive'))
  const cured = but(run('xfs 2', 'fail', ['altered']))
  expect(decide(BROKEN, { runs, cured }).outcome).toBe('not-as-told')
})

test('a pass in a few different contents says too little', () => {
  const few = PASSING.map((each) =>
    each.fileSystem === 'xfs' ? { ...each, contents: each.seed } : each,
  )
  const why = 'only 3 different contents were judged on xfs, and 10 are the least'
  expect(decide(KEPT, { runs: few, cured: [] })).toEqual({
    outcome: 'inconclusive',
    why: `of it, ${why}`,
  })
  expect(decide(BROKEN, { runs: but(lost('ext4 1')), cured: few })).toEqual({
    outcome: 'inconclusive',
    why: `of the cured variant, ${why}`,
  })
})

test('where contents are not counted, a pass in a few cases says too little', () => {
  const of = (cases: number) => PASSING.map((each) => ({ ...each, cases, contents: null }))
  expect(decide(KEPT, { runs: of(49), cured: [] })).toEqual({
    outcome: 'inconclusive',
    why: 'of it, only 98 cases were judged on ext4, and 100 are the least',
  })
  expect(decide(KEPT, { runs: of(50), cured: [] }).outcome).toBe('as-told')
})

test('a cured variant that could not be judged leaves the finding inconclusive', () => {
  const cured = but(run('xfs 1', 'skipped'))
  expect(decide(BROKEN, { runs: but(lost('ext4 1')), cured })).toEqual({
    outcome: 'inconclusive',
    why: 'the cured variant is skipped on xfs with seed 1: for a reason of xfs 1',
  })
})

test('a finding that is not shown, where a run could not be judged, is inconclusive', () => {
  const runs = but(run('ext4 2', 'inconclusive'))
  expect(decide(BROKEN, { runs, cured: PASSING })).toMatchObject({
    outcome: 'inconclusive',
    why: expect.stringContaining('on ext4 with seed 2 is inconclusive: for a reason of ext4 2'),
  })
})

test('a run that could not be judged harms no finding that another seed shows', () => {
  const runs = but(lost('ext4 1'), run('ext4 2', 'inconclusive'))
  expect(decide(BROKEN, { runs, cured: PASSING }).outcome).toBe('as-told')
})

test('runs that were never made decide nothing', () => {
  const some = PASSING.slice(1)
  const runs = but(lost('ext4 1'))
  expect(decide(KEPT, { runs: some, cured: [] }).outcome).toBe('inconclusive')
  expect(decide(BROKEN, { runs, cured: some }).outcome).toBe('inconclusive')
  expect(decide(BROKEN, { runs: runs.slice(0, 3), cured: PASSING })).toEqual({
    outcome: 'inconclusive',
    why: 'nothing was run on xfs with seed 2',
  })
})

test('a promise is kept when every run passes, and only then', () => {
  const outcomeOf = (...others: Run[]) => decide(KEPT, { runs: but(...others), cured: [] }).outcome
  expect(outcomeOf()).toBe('as-told')
  expect(outcomeOf(run('xfs 1', 'inconclusive'))).toBe('inconclusive')
  expect(outcomeOf(lost('ext4 2'), run('xfs 1', 'inconclusive'))).toBe('not-as-told')
})

test('the exit code is 1 for what is not as told, before 2 for what cannot be said', () => {
  expect(exitCodeOfOutcomes(['as-told', 'as-told'])).toBe(0)
  expect(exitCodeOfOutcomes(['as-told', 'inconclusive'])).toBe(2)
  expect(exitCodeOfOutcomes(['inconclusive', 'not-as-told'])).toBe(1)
})
