import type { Strip } from '../../harness/crash-states/strip.ts'
import type { Story } from '../../harness/story/story.ts'
import type { CellStatus, Verdict } from '../evidence/types.ts'

/** A verdict as a report has it: `invalid` is what evidence says that can't be believed, `absent` what nobody ran. */
export type ReportVerdict = Verdict | 'invalid' | 'absent'

/** A fault that had to be caught, or a subject broken on purpose. */
export interface ReportControl {
  name: string
  defect: string
  /** Whether it had to be caught here. */
  due: boolean
  caught: boolean
  /** What it was caught by, or why it need not be; null where nothing is known. */
  how: string | null
}

/** An iteration in which a process was killed. */
export interface ReportKill {
  /** By which it is run again. */
  case: string
  /** Which operation it was killed at, or behind how many acknowledgements. */
  at: number
  moment: 'before' | 'within' | 'after' | 'between'
  verdict: 'pass' | 'fail' | 'inconclusive'
}

/** What came of one error at one kind of operation. */
export interface ReportErrors {
  operation: string
  error: string
  cases: number
  passed: number
  failed: number
  inconclusive: number
}

/** How many distinct outcomes had been seen when so many cases had been tried: points of a rising line. */
export interface ReportCoverage {
  /** What is counted as an outcome, in words. */
  of: string
  points: { tried: number; distinct: number }[]
}

/** A step of a run, or a tier of a test. */
export interface ReportStep {
  name: string
  verdict: ReportVerdict
  /** Why it is not a pass, or null. */
  reason: string | null
  durationMs: number
  /** What was tried and what was seen, in words. */
  figures: string
  /** Cases that were tried and those that failed or could not be judged; null of a step that has no cases. */
  cases: { tried: number; failed: number; inconclusive: number } | null
  controls: ReportControl[]
  /** At most one for each cause. */
  stories: Story[]
  recordings: Strip[]
  kills: ReportKill[]
  errors: ReportErrors[]
  coverage: ReportCoverage | null
}

/** One run of a cell. */
export interface ReportRun {
  /** Such as `run-1`. */
  name: string
  /** Why nothing that it says can be believed, in a sentence; null where it can. */
  problem: string | null
  verdict: ReportVerdict
  /** Who, what and when, as names and values. */
  facts: { name: string; value: string }[]
  /** ISO 8601; null where it is not known. */
  startedAt: string | null
  durationMs: number
  steps: ReportStep[]
}

/** An architecture and a file system. */
export interface ReportCell {
  arch: string
  fileSystem: string
  status: CellStatus | null
  verdict: ReportVerdict
  runs: ReportRun[]
}

/** All that any reporter needs: it reads nothing else. */
export interface ReportModel {
  schema: 'https://pullplug.dev/schemas/report/1.json'
  tool: { name: 'pullplug'; version: string }
  /** The names of what was tested. */
  subjects: string[]
  verdict: ReportVerdict
  /** What is wrong with the evidence beside any run, in sentences. */
  problems: string[]
  cells: ReportCell[]
}

const WORST: readonly ReportVerdict[] = ['invalid', 'fail', 'inconclusive', 'pass', 'skipped']

/** The worst of some verdicts; what was skipped counts for nothing beside others, and of none there is `absent`. */
export function worstOf(verdicts: readonly ReportVerdict[]): ReportVerdict {
  return WORST.find((verdict) => verdicts.includes(verdict)) ?? 'absent'
}

/** A step of which nothing but its name and what it came to is known. */
export const bareStep = (
  step: Pick<ReportStep, 'name' | 'verdict' | 'reason' | 'durationMs' | 'figures'>,
): ReportStep => ({
  ...step,
  cases: null,
  controls: [],
  stories: [],
  recordings: [],
  kills: [],
  errors: [],
  coverage: null,
})

/** Every story of a run with the step that it is of. */
export function storiesOf({ steps }: ReportRun): { step: ReportStep; story: Story }[] {
  return steps.flatMap((step) => step.stories.map((story) => ({ step, story })))
}

/** Whether all that was read can be believed. */
export function isBelieved({ problems, cells }: ReportModel): boolean {
  return (
    problems.length === 0 &&
    cells.every(({ runs }) => runs.every(({ problem }) => problem === null))
  )
}
