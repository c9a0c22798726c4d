import type { TierProblem } from '../harness/tier.ts'
import type { TestReport, TierReport } from '../matrix/test-subject/report.ts'
import type { Run, Story } from './result.ts'

/** Whether a problem is of a case of that error, by the case's name, such as `1.12-full-half-reopens`. */
const isOf = (error: string, { case: name }: TierProblem): boolean => name.includes(`-${error}-`)

/** The folder in which a subject stood, which is another one in each run. */
const SUBJECTS_FOLDER = /\/[\w./-]*\/subject\//g

/** A problem in a line: the fault, what was promised, what came back. */
function inALine(problem: TierProblem): string {
  const { failures, notJudged, what, acked, recovered } = problem
  const [failure] = failures
  const why =
    failure === undefined ? `not judged: ${notJudged}` : `${failure.name}: ${failure.detail}`
  const back = recovered === null ? '' : `, and the state after ${recovered} came back`
  return `case ${problem.case}, ${what}: ${acked} changes were acknowledged${back}; ${why}`
}

interface ToldProblem {
  problem: TierProblem
  replay: string
}

/** The failure with the fewest acknowledged changes, and a state without a torn write before one with it. */
function smallestOf(problems: readonly ToldProblem[]): Story | null {
  const told = problems.filter(({ problem }) => problem.notJudged === null)
  const isTorn = (what: string): number => Number(what.includes('torn'))
  const [smallest] = told.sort(
    (a, b) => a.problem.acked - b.problem.acked || isTorn(a.problem.what) - isTorn(b.problem.what),
  )
  if (smallest === undefined) return null
  const { problem, replay } = smallest
  return { words: inALine(problem).replaceAll(SUBJECTS_FOLDER, '…/'), acked: problem.acked, replay }
}

function runOf(seed: number, tier: TierReport, error: string | undefined): Run {
  const { fileSystem, verdict, reason, result, replays } = tier
  const told = (result?.problems ?? [])
    .map((problem, index): ToldProblem => ({ problem, replay: replays[index] ?? '' }))
    .filter(({ problem }) => error === undefined || isOf(error, problem))
  return {
    seed,
    fileSystem,
    verdict,
    reason,
    cases: result?.cases ?? 0,
    failed: result?.failed ?? 0,
    contents: result === null ? 0 : result.distinct,
    failures: [...new Set(told.flatMap(({ problem }) => problem.failures.map(({ name }) => name)))],
    story: smallestOf(told),
  }
}

/** What the report of `pullplug test` says of each file system; the failures of one error alone where it is named. */
export const runsOf = ({ seed, tiers }: TestReport, error?: string): Run[] =>
  tiers.map((tier) => runOf(seed, tier, error))
