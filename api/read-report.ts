import type { TestReport, TierReport } from '../matrix/test-subject/report.ts'
import { problemInLines } from '../matrix/test-subject/tell-problem.ts'
import { CannotMeasure, CrashTestError } from './errors.ts'
import type { FileSystem, TierName } from './options.ts'
import type { CrashTestResult, RanTier, SkippedTier } from './result.ts'

const placeOf = ({ tier, fileSystem }: TierReport) => ({
  tier: tier as TierName,
  fileSystem: fileSystem as FileSystem,
})

const titled = ({ title, fileSystem }: TierReport): string => `${title} on ${fileSystem}`

function ranTiers({ tiers }: TestReport): RanTier[] {
  return tiers.flatMap((report) => {
    const { result } = report
    if (result === null) return []
    const controlsCaught = result.controls.filter(({ caught }) => caught).length
    const { cases, distinct: distinctContents, remark } = result
    return { ...placeOf(report), cases, distinctContents, controlsCaught, remark }
  })
}

const skippedReports = ({ tiers }: TestReport): TierReport[] =>
  tiers.filter(({ verdict }) => verdict === 'skipped')

function skippedTiers(report: TestReport): SkippedTier[] {
  return skippedReports(report).map((each) => ({ ...placeOf(each), why: each.reason ?? '' }))
}

/** Which tiers ran, and which did not and why: a sentence for those, and one for these if there are any. */
function tiersInWords(report: TestReport): string {
  const ran = report.tiers.flatMap((tier) => {
    const { result } = tier
    if (result === null) return []
    const { distinct } = result
    const contents = distinct === null ? '' : `, ${distinct} different contents`
    return `${titled(tier)} (${result.cases} cases${contents})`
  })
  const skipped = skippedReports(report).map((tier) => `${titled(tier)}: ${tier.reason}`)
  const parts = [
    ran.length === 0 ? 'no tier ran' : `ran ${ran.join(', ')}`,
    ...(skipped.length === 0 ? [] : [`did not run ${skipped.join('; ')}`]),
  ]
  return `${parts.join('; ')}.`
}

/** At most so many failures of a tier are told; those of one cause are told once. */
const MAX_TOLD = 3

/** Each failed tier's failures, told, and the line that shows the first one again. */
function told(report: TestReport): { lines: string[]; replay: string } {
  const replays: string[] = []
  const lines = report.tiers.flatMap((tier) => {
    const { result, verdict } = tier
    if (result === null || verdict !== 'fail') return []
    const stories = result.problems.flatMap((problem, at) => {
      if (problem.failures.length === 0) return []
      const again = tier.replays[at] ?? ''
      replays.push(again)
      return [problemInLines(problem, again)]
    })
    return [
      `${titled(tier)}: ${result.failed} of ${result.cases} cases failed`,
      ...stories.slice(0, MAX_TOLD).flatMap((story) => ['', ...story.map((line) => `  ${line}`)]),
      '',
    ]
  })
  return { lines, replay: replays[0] ?? '' }
}

/** Throws `CannotMeasure` where a tier that must have run did not. */
function assertRan(report: TestReport, mustRun: readonly TierName[]): void {
  const ran = new Set(ranTiers(report).map(({ tier }) => tier))
  const missed = mustRun.find((tier) => !ran.has(tier))
  if (missed === undefined) return
  const why = skippedTiers(report).find(({ tier }) => tier === missed)?.why
  throw new CannotMeasure(
    `crash test of ${report.subject}: ${missed} must run, and can’t: ${why}`,
    {
      why: 'missing',
      remedy: null,
    },
  )
}

/** Why a run without a failure is no pass. */
function notMeasured(report: TestReport): CannotMeasure {
  const unsure = report.tiers.filter(({ verdict }) => verdict === 'inconclusive')
  if (unsure.length === 0) {
    return new CannotMeasure(`crash test of ${report.subject}: ${tiersInWords(report)}`, {
      why: 'missing',
      remedy: null,
    })
  }
  const reasons = unsure.map((tier) => `${titled(tier)}: ${tier.reason}`)
  const message = `crash test of ${report.subject} (seed ${report.seed}) is inconclusive: ${reasons.join('; ')}`
  return new CannotMeasure(message, { why: 'inconclusive', remedy: null })
}

/**
 * What a report says. Throws `CrashTestError` for a failure, and `CannotMeasure` where it is no pass or a tier of
 * `mustRun` did not run.
 */
export function readReport(report: TestReport, mustRun: readonly TierName[]): CrashTestResult {
  const { subject, seed, verdict } = report
  if (verdict === 'fail') {
    const { lines, replay } = told(report)
    const message = [`crash test of ${subject}, seed ${seed}:`, ...lines, tiersInWords(report)]
    throw new CrashTestError(message.join('\n'), { replay, seed })
  }
  if (verdict !== 'pass') throw notMeasured(report)
  assertRan(report, mustRun)
  const ran = ranTiers(report)
  return {
    subject,
    seed,
    ran,
    skipped: skippedTiers(report),
    cases: ran.reduce((sum, { cases }) => sum + cases, 0),
    sentence: `${subject} kept its promises (seed ${seed}): ${tiersInWords(report)}`,
  }
}
