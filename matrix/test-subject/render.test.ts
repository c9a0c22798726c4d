import { expect, test } from 'vitest'
import type { TierResult } from '../../harness/tier.ts'
import { renderTest, verdictOfTest } from './render.ts'
import type { TestReport, TierReport } from './report.ts'

const CONTROL = {
  ...{ name: 'unsynced', defect: '', caught: true, failure: null, by: null, tries: 1 },
  unseenBecause: null,
}

/** The widest that there is. */
const RESULT: TierResult = {
  ...{ cases: 99_999, of: 99_999, passed: 99_999, failed: 0, inconclusive: 0, distinct: 99_999 },
  ...{ problems: [], controls: [CONTROL, CONTROL], remark: null },
}

const tier = (given: Partial<TierReport>): TierReport => ({
  ...{ tier: 'power-cut', title: 'power cuts', fileSystem: 'btrfs', verdict: 'pass' },
  ...{ reason: null, durationMs: 48_000, result: RESULT, replays: [] },
  ...given,
})

const report = (verdict: TestReport['verdict'], ...tiers: TierReport[]): TestReport => ({
  ...{ subject: 'mine', seed: 42, verdict, tiers },
})

const linesOf = (given: TestReport, chars?: number): string[] =>
  renderTest(given, chars === undefined ? {} : { chars }).split('\n')

test('the widest table there is fits 80 columns, and a narrow terminal shows less of it', () => {
  const widest = report('inconclusive', tier({ verdict: 'inconclusive' }), tier({ tier: 'kill' }))
  for (const line of linesOf(widest)) expect(line.length).toBeLessThanOrEqual(80)
  expect(linesOf(widest)[0]).toMatch(/^tier +on +verdict +cases +failed +contents +controls +s$/)
  for (const line of linesOf(widest, 40).slice(0, 3)) expect(line.length).toBeLessThanOrEqual(40)
  expect(linesOf(widest, 40)[0]).toMatch(/^tier +on +verdict +failed$/)
  expect(linesOf(widest, 300).slice(0, 3)).toEqual(linesOf(widest).slice(0, 3))
})

test.each([
  [
    'pass',
    report('pass', tier({ fileSystem: 'ext4' }), tier({ fileSystem: 'xfs' })),
    'pass: mine on ext4, xfs; seed 42; 96 s',
  ],
  [
    'a failure names where it was',
    report('fail', tier({ verdict: 'fail', fileSystem: 'ext4' }), tier({ fileSystem: 'xfs' })),
    'fail: mine in power-cut on ext4; seed 42; 96 s',
  ],
  [
    'what was not run is said',
    report(
      'pass',
      tier({ fileSystem: 'ext4' }),
      tier({ verdict: 'skipped', result: null, fileSystem: 'xfs' }),
    ),
    'pass: mine on ext4; not run: power-cut on xfs; seed 42; 96 s',
  ],
  [
    'nothing was run',
    report('inconclusive', tier({ verdict: 'skipped', result: null, durationMs: 0 })),
    'inconclusive: mine, of which nothing could be run; not run: power-cut on btrfs; seed 42; 0 s',
  ],
])('the last line is the verdict: %s', (_, given, line) => {
  expect(linesOf(given).at(-1)).toBe(line)
  expect(verdictOfTest(given)).toBe(line)
})

test('what is quiet is the verdict and what failed', () => {
  const problem = {
    ...{ case: '1.2', what: 'killed', acked: 1, recovered: 0, notJudged: null, story: null },
    failures: [{ name: 'acked-lost', detail: 'it is gone' }],
  }
  const result = { ...RESULT, remark: 'a remark', problems: [problem as never] }
  const failing = report('fail', tier({ verdict: 'fail', result, replays: ['npx pullplug …'] }))
  const quiet = renderTest(failing, { quiet: true })
  expect(quiet).toContain('npx pullplug …')
  for (const left of ['contents', 'a remark']) expect(quiet).not.toContain(left)
  expect(renderTest(report('pass', tier({})), { quiet: true })).toBe(
    'pass: mine on btrfs; seed 42; 48 s',
  )
})
