import { expect, test } from 'vitest'
import type { Failure } from '../harness/oracle/failure.ts'
import type { Story } from '../harness/story/story.ts'
import type { TierProblem, TierResult } from '../harness/tier.ts'
import type { TestReport, TierReport } from '../matrix/test-subject/report.ts'
import { CannotMeasure, CrashTestError } from './errors.ts'
import { readReport } from './read-report.ts'

const LINE = 'npx pullplug test ./log.js --kind log --promise durable --tier kill --case 1.12b'

const FAILURES: Failure[] = [
  { name: 'acked-lost', detail: '2 entries were acknowledged and the last 2 are gone' },
]

const STORY: Story = {
  tier: 'kill',
  case: '1.12b',
  title: '2 entries were acknowledged and the last 2 are gone',
  asked: [{ change: 'append 1', outcome: 'acknowledged' }],
  struck: 'SIGKILL before the write of log.json',
  disk: ['log.json is empty'],
  returned: 'nothing but \u001b[2J\u202egnp',
  failures: FAILURES,
  breaks: 'kill: durable',
  events: [],
  reduced: null,
  cause: 'acked-lost',
  count: 3,
  replay: LINE,
}

const PROBLEM: TierProblem = {
  story: STORY,
  case: '1.12b',
  what: 'killed at append 3: before write log.json (operation 12)',
  acked: 2,
  recovered: 0,
  failures: FAILURES,
  notJudged: null,
}

const CONTROL = {
  name: 'restored-backup',
  defect: 'half of it',
  caught: true,
  failure: 'acked-lost',
  by: 'the directory',
  tries: 1,
  unseenBecause: null,
} as const

const RESULT: TierResult = {
  cases: 40,
  of: 146,
  passed: 40,
  failed: 0,
  inconclusive: 0,
  distinct: 24,
  problems: [],
  controls: [CONTROL],
  remark: null,
}

const KILLS: TierReport = {
  tier: 'kill',
  title: 'SIGKILL',
  fileSystem: 'tmpdir',
  verdict: 'pass',
  reason: null,
  durationMs: 1,
  result: RESULT,
  replays: [],
}

const CUTS: TierReport = {
  ...KILLS,
  tier: 'power-cut',
  title: 'power cuts',
  fileSystem: 'ext4',
  verdict: 'skipped',
  reason: 'it needs root, to mount (run it with sudo)',
  result: null,
}

const FAILED: TierReport = {
  ...KILLS,
  verdict: 'fail',
  reason: '3 of 40 cases failed: acked-lost',
  result: { ...RESULT, passed: 37, failed: 3, problems: [PROBLEM] },
  replays: [LINE],
}

const reportOf = (verdict: TestReport['verdict'], ...tiers: TierReport[]): TestReport => ({
  subject: 'log',
  seed: 42,
  verdict,
  tiers,
})

/** What reading a report throws. */
function thrown(report: TestReport, mustRun: ('kill' | 'power-cut')[] = []): Error {
  try {
    readReport(report, mustRun)
  } catch (error) {
    return error as Error
  }
  throw new Error('it throws nothing')
}

test('a pass says which tiers ran, which did not and why, and how much was tried', () => {
  expect(readReport(reportOf('pass', KILLS, CUTS), ['kill'])).toEqual({
    subject: 'log',
    seed: 42,
    ran: [
      {
        tier: 'kill',
        fileSystem: 'tmpdir',
        cases: 40,
        distinctContents: 24,
        controlsCaught: 1,
        remark: null,
      },
    ],
    skipped: [{ tier: 'power-cut', fileSystem: 'ext4', why: CUTS.reason }],
    cases: 40,
    sentence:
      'log kept its promises (seed 42): ran SIGKILL on tmpdir (40 cases, 24 different contents); did not run power cuts on ext4: it needs root, to mount (run it with sudo).',
  })
})

test('a failure throws its story, which ends with the line that shows it again', () => {
  const error = thrown(reportOf('fail', FAILED, CUTS)) as CrashTestError
  expect(error).toBeInstanceOf(CrashTestError)
  expect(error).toMatchObject({ name: 'CrashTestError', replay: LINE, seed: 42 })
  expect(error.message).toContain('2 entries were acknowledged and the last 2 are gone')
  expect(error.message).toContain(LINE)
  expect(error.message).toContain('did not run power cuts on ext4: it needs root')
})

test('a story is told in its own lines, and at most three of them a tier', () => {
  const problems = [1, 2, 3, 4].map((number) => ({
    ...PROBLEM,
    story: { ...STORY, title: `story ${number}` },
  }))
  const result = { ...RESULT, failed: 4, problems }
  const replays = [LINE, LINE, LINE, LINE]
  const { message } = thrown(reportOf('fail', { ...FAILED, result, replays }))
  expect(message).toContain('SIGKILL on tmpdir: 4 of 40 cases failed')
  expect(message).toContain('  acked-lost: story 1\n    asked      acknowledged: append 1\n')
  expect(message).toContain('came back  nothing but \\u{1b}[2J\\u{202e}gnp\n')
  expect(message.match(/story \d/g)).toEqual(['story 1', 'story 2', 'story 3'])
})

test('a failure counts, whatever else could not be judged or did not run', () => {
  const unsure: TierReport = { ...KILLS, verdict: 'inconclusive', reason: 'it missed its control' }
  const report = reportOf('fail', FAILED, unsure, CUTS)
  expect(thrown(report, ['power-cut'])).toBeInstanceOf(CrashTestError)
})

test.each([
  ['no tier ran', reportOf('inconclusive', CUTS), [], 'missing', /no tier ran; did not run power/],
  [
    'a control was missed',
    reportOf('inconclusive', KILLS, {
      ...KILLS,
      verdict: 'inconclusive',
      reason: 'it missed its control restored-backup',
    }),
    [],
    'inconclusive',
    /is inconclusive: SIGKILL on tmpdir: it missed its control restored-backup/,
  ],
  [
    'what must run did not',
    reportOf('pass', KILLS, CUTS),
    ['power-cut'],
    'missing',
    /power-cut must run, and can’t: it needs root/,
  ],
] as const)('it could not be measured where %s', (_, report, mustRun, why, message) => {
  const error = thrown(report, [...mustRun])
  expect(error).toBeInstanceOf(CannotMeasure)
  expect(error).toMatchObject({ why, message: expect.stringMatching(message) })
})
