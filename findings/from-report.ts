import { storyOf, type TestReport, type TierReport } from '../matrix/test-subject/report.ts'
import type { Run, Story } from './result.ts'

/** The failure with the fewest acknowledged changes, and a state without a torn write before one with it. */
function smallestOf({ result, replays }: TierReport): Story | null {
  const told = (result?.problems ?? [])
    .map((problem, index) => ({ problem, replay: replays[index] ?? '' }))
    .filter(({ problem }) => problem.notJudged === null)
  const isTorn = (what: string): number => Number(what.includes('torn'))
  const [smallest] = told.sort(
    (a, b) => a.problem.acked - b.problem.acked || isTorn(a.problem.what) - isTorn(b.problem.what),
  )
  if (smallest === undefined) return null
  const { problem, replay } = smallest
  return { words: storyOf(problem), acked: problem.acked, replay }
}

/** What the report of `pullplug test` says of each file system. */
export function runsOf({ seed, tiers }: TestReport): Run[] {
  return tiers.map((tier) => ({
    seed,
    fileSystem: tier.fileSystem,
    verdict: tier.verdict,
    reason: tier.reason,
    cases: tier.result?.cases ?? 0,
    failed: tier.result?.failed ?? 0,
    contents: tier.result?.distinct ?? 0,
    failures: [
      ...new Set(tier.result?.problems.flatMap(({ failures }) => failures.map(({ name }) => name))),
    ],
    story: smallestOf(tier),
  }))
}
