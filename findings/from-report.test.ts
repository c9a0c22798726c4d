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
  story: null,
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

test('of a finding that rests on one error, the failures of that error alone are told', () => {
  const [of] = REPORT.tiers
  if (of?.result == null) throw new Error('no tier')
  const problems = [
    problem('1.4-short-none-reopens', 'does no byte', 1, 'refused'),
    problem('1.4-full-half-reopens', 'the disk is full', 3),
    problem('1.9-full-half-goes-on', 'the disk is full', 2),
  ]
  const result = { ...of.result, distinct: null, problems }
  const tier = { ...of, tier: 'io-error', result, replays: problems.map((each) => each.case) }
  const [run] = runsOf({ ...REPORT, tiers: [tier] }, 'full-half')
  expect(run).toMatchObject({
    failed: 3,
    contents: null,
    failures: ['acked-lost'],
    story: { acked: 2, replay: '1.9-full-half-goes-on' },
  })
  expect(runsOf({ ...REPORT, tiers: [tier] })[0]?.failures).toEqual(['refused', 'acked-lost'])
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

test('a story does not name the folder in which a subject stood', () => {
  const [of] = REPORT.tiers
  if (of?.result == null) throw new Error('no tier')
  const failed = problem('1.1', 'prefix', 1)
  const detail = 'read: /tmp/p-0/volumes/passthrough-1/mnt/subject/a.json is empty'
  const problems = [{ ...failed, failures: [{ name: 'refused' as const, detail }] }]
  const tiers = [{ ...of, result: { ...of.result, problems } }]
  const [run] = runsOf({ ...REPORT, tiers })
  expect(run?.story?.words).toContain('; refused: read: …/a.json is empty')
})
