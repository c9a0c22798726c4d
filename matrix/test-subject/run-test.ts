import { describedIoErrorTier } from '../../harness/io-error/described-tier.ts'
import { describedKillTier } from '../../harness/kill/described-tier.ts'
import { CannotJudge } from '../../harness/oracle/cannot-judge.ts'
import { describedPowerCutTier } from '../../harness/power-cut/described-tier.ts'
import type { DescribedSubject } from '../../harness/subject/description.ts'
import {
  concludeTier,
  type Tier,
  type TierProblem,
  type TierResult,
  type TriedCase,
} from '../../harness/tier.ts'
import { makeScratch } from '../check/scratch.ts'
import { assertKeepsContract } from './keeps-contract.ts'
import type { FailedCase } from './last-failures.ts'
import { choosePlaces, type PlaceName, placeIn, type Work } from './places.ts'
import { type TestReport, type TierReport, verdictOfTiers } from './report.ts'

/** The tiers that any subject goes through, in order. */
export const TIERS: readonly Tier[] = [
  describedKillTier,
  describedPowerCutTier,
  describedIoErrorTier,
]

export type TierName = Tier['name']

export interface TestOptions {
  subject: DescribedSubject
  /** How the subject is named on a command line, in words for a shell. */
  subjectWords: string
  tiers: readonly TierName[]
  fileSystems: readonly PlaceName[]
  /** Where a tier runs that can't on any of them; null where it is skipped then. */
  otherwise: PlaceName | null
  seed: number
  /** How long all of it may take. */
  seconds: number
  /** One case alone, of one tier on one file system. */
  only: string | null
  /** Every point of the first history that is killed, whatever the time. */
  everyPoint: boolean
  /** These cases, in place of all that the tiers have. */
  again: readonly FailedCase[] | null
  /** After so many failures no further case is begun; null where all are. */
  maxFailures: number | null
  signal: AbortSignal
  onStart: (title: string) => void
  /** How many cases were made, and how long they may take. */
  onProgress: (title: string, cases: number, forMs: number) => void
  onCase: (title: string, tried: TriedCase) => void
  onTier: (report: TierReport) => void
}

/** The command that runs one case again. */
export function caseReplayLine(
  { subjectWords, seed }: Pick<TestOptions, 'subjectWords' | 'seed'>,
  tier: TierName,
  fileSystem: string,
  name: string,
): string {
  return `npx pullplug test ${subjectWords} --tier ${tier} --fs ${fileSystem} --seed ${seed} --case ${name}`
}

/** The same result, whose stories end with the line that shows them again. */
function withReplayLines(result: TierResult, lineOf: (problem: TierProblem) => string): TierResult {
  const problems = result.problems.map((problem): TierProblem => {
    const { story } = problem
    return { ...problem, story: story && { ...story, replay: lineOf(problem) } }
  })
  return { ...result, problems }
}

/** What the work gave, or why it could not judge, in a sentence. */
async function runOrSay(work: () => Promise<TierResult>): Promise<TierResult | string> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CannotJudge) return error.message
    throw error
  }
}

/** What is to be run, in order: each tier where it can be, or each case that failed where it did. */
async function worksOf(options: TestOptions): Promise<CaseWork[]> {
  const { tiers, only, again } = options
  const asked = TIERS.filter(({ name }) => tiers.includes(name))
  if (again === null) {
    return (await choosePlaces(asked, options)).map((work) => ({ ...work, only }))
  }
  const works = again.map(async (failed): Promise<CaseWork[]> => {
    const { fileSystem } = failed
    const those = asked.filter(({ name }) => name === failed.tier)
    const chosen = await choosePlaces(those, { fileSystems: [fileSystem], otherwise: null })
    return chosen.map((work) => ({ ...work, only: failed.case }))
  })
  return (await Promise.all(works)).flat()
}

/** A tier on one file system, and the case where only that is made. */
type CaseWork = Work & { only: string | null }

/** Counts failures, and says when they are enough. */
class Failures {
  readonly #most: number | null
  found = 0

  constructor(most: number | null) {
    this.#most = most
  }

  get isEnough(): boolean {
    return this.#most !== null && this.found >= this.#most
  }

  /** That there were enough, in words. */
  get inWords(): string {
    return `--max-failures ${this.#most}, and there were ${this.found}`
  }
}

/** A tier that is not run, and why. */
function notRun({ tier, fileSystem }: Work, reason: string): TierReport {
  const { name, title } = tier
  const of = { tier: name, title, fileSystem, replays: [] }
  return { ...of, verdict: 'skipped', reason, durationMs: 0, result: null }
}

async function runTier(
  { tier, fileSystem, lacks, only }: CaseWork,
  folder: string,
  forMs: number,
  failures: Failures,
  options: TestOptions,
): Promise<TierReport> {
  const { subject, seed, everyPoint, signal, again, onProgress, onCase } = options
  const ofCase = again === null || only === null ? '' : `, case ${only}`
  const base = { tier: tier.name, title: `${tier.title}${ofCase}`, fileSystem, replays: [] }
  const startedMs = performance.now()
  const durationMs = (): number => Math.round(performance.now() - startedMs)
  if (lacks !== null) {
    return { ...base, verdict: 'skipped', reason: lacks, durationMs: durationMs(), result: null }
  }
  const title = `${base.title} on ${fileSystem}`
  options.onStart(title)
  const ran = await runOrSay(() =>
    tier.run({
      subject,
      place: placeIn(folder, fileSystem),
      seed,
      forMs,
      only,
      everyPoint,
      signal,
      isEnough: () => failures.isEnough,
      onProgress: (cases) => onProgress(title, cases, forMs),
      onCase: (tried) => {
        if (tried.verdict === 'fail') failures.found += 1
        onCase(title, tried)
      },
    }),
  )
  if (typeof ran === 'string') {
    return { ...base, verdict: 'inconclusive', reason: ran, durationMs: durationMs(), result: null }
  }
  const lineOf = (problem: TierProblem): string =>
    caseReplayLine(options, tier.name, fileSystem, problem.case)
  const told = withReplayLines(ran, lineOf)
  const result = failures.isEnough
    ? { ...told, remark: `it was stopped: ${failures.inWords}` }
    : told
  return {
    ...base,
    ...concludeTier(result),
    durationMs: durationMs(),
    result,
    replays: result.problems.map(lineOf),
  }
}

/**
 * Checks the contract, then hurts the subject by each tier on each file system that was asked for. Throws
 * `ContractBroken`, a `MachineError`, and what `signal` was aborted with.
 */
export async function runTest(options: TestOptions): Promise<TestReport> {
  const { subject, signal, seconds } = options
  options.onStart('the contract')
  await assertKeepsContract(subject, signal)
  const works = await worksOf(options)
  const able = works.filter(({ lacks }) => lacks === null).length
  const forMs = (seconds * 1000) / Math.max(1, able)
  const failures = new Failures(options.maxFailures)
  const reports: TierReport[] = []
  const scratch = makeScratch()
  try {
    for (const work of works) {
      const report = failures.isEnough
        ? notRun(work, failures.inWords)
        : await runTier(work, scratch.path, forMs, failures, options)
      reports.push(report)
      options.onTier(report)
    }
  } finally {
    scratch.remove()
  }
  const { name } = subject.description
  return { subject: name, seed: options.seed, verdict: verdictOfTiers(reports), tiers: reports }
}
