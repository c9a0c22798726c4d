import { expect, test } from 'vitest'
import type { TierProblem } from '../harness/tier.ts'
import type { TestReport } from '../matrix/test-subject/report.ts'
import { runsOf } from './from-report.ts'

const problem = (name: string, what: string, acked: number, lost = 'acked-lost'): TierProblem => ({
  case: name,
  what,
  acked,
  recovered: acked - 1,
  failures: [{ name: lost as 'acked-lost', detail: `of ${name}` }],
  notJudged: null,
})

const PROBLEMS = [
  problem('1.9', 'prefix, 2 kept', 7, 'refused'),
  problem('1.3', 'torn, 1 kept', 2),
  problem('1.5', 'prefix, 1 kept', 2),
  { ...problem('1.2', 'prefix, 0 kept', 0), failures: [], notJudged: 'the looks disagreed' },
]

const REPORT: TestReport = {
  subject: 'store',
  seed: 4,
  verdict: 'fail',
  tiers: [
    {
      tier: 'power-cut',
      title: 'power cuts',
      fileSystem: 'ext4',
      verdict: 'fail',
      reason: '3 of 20 cases failed',
      durationMs: 10,
      result: {
        cases: 20,
        of: null,
        remark: null,
        passed: 16,
        failed: 3,
        inconclusive: 1,
        distinct: 6,
        problems: PROBLEMS,
        controls: [],
      },
      replays: PROBLEMS.map((each) => `again ${each.case}`),
    },
    {
      tier: 'power-cut',
      title: 'power cuts',
      fileSystem: 'xfs',
      verdict: 'skipped',
      reason: 'it needs root',
      durationMs: 0,
      result: null,
      replays: [],
    },
  ],
}

test('a run tells the failure with the fewest acknowledged changes, and a whole state before a torn one', () => {
  const [run] = runsOf(REPORT)
  expect(run).toMatchObject({
    seed: 4,
    fileSystem: 'ext4',
    cases: 20,
    failed: 3,
    contents: 6,
    failures: ['refused', 'acked-lost'],
    story: { acked: 2, replay: 'again 1.5' },
  })
  expect(run?.story?.words).toBe(
    'case 1.5, prefix, 1 kept: 2 changes were acknowledged, and the state after 1 came back; acked-lost: of 1.5',
  )
})

test('a file system that was skipped is a run without states and without a story', () => {
  expect(runsOf(REPORT)[1]).toEqual({
    seed: 4,
    fileSystem: 'xfs',
    verdict: 'skipped',
    reason: 'it needs root',
    cases: 0,
    failed: 0,
    contents: 0,
    failures: [],
    story: null,
  })
})
