import { describedIoErrorTier } from '../../harness/io-error/described-tier.ts'
import { describedKillTier } from '../../harness/kill/described-tier.ts'
import { CannotJudge } from '../../harness/oracle/cannot-judge.ts'
import { describedPowerCutTier } from '../../harness/power-cut/described-tier.ts'
import type { DescribedSubject } from '../../harness/subject/description.ts'
import {
  concludeTier,
  type Tier,
  type TierPlace,
  type TierResult,
  type TriedCase,
} from '../../harness/tier.ts'
import type { FileSystemName } from '../../harness/volume/file-systems/index.ts'
import { assertKeepsContract } from './keeps-contract.ts'
import type { FailedCase } from './last-failures.ts'
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
  /** How the subject is named on a command line. */
  subjectPath: string
  tiers: readonly TierName[]
  fileSystems: readonly FileSystemName[]
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
  { subjectPath, seed }: Pick<TestOptions, 'subjectPath' | 'seed'>,
  tier: TierName,
  fileSystem: string,
  name: string,
): string {
  return `npx pullplug test ${subjectPath} --tier ${tier} --fs ${fileSystem} --seed ${seed} --case ${name}`
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

/** One tier on one file system, and a case where only that is made. */
interface Work {
  tier: Tier
  place: TierPlace
  only: string | null
}

/** What is to be run, in order. */
function worksOf({ tiers, fileSystems, only, again }: TestOptions): Work[] {
  const asked = TIERS.filter(({ name }) => tiers.includes(name))
  if (again === null) {
    return fileSystems.flatMap((fileSystem) =>
      asked.map((tier) => ({ tier, place: { fileSystem }, only })),
    )
  }
  return again.flatMap(({ fileSystem, ...failed }) =>
    asked
      .filter(({ name }) => name === failed.tier && fileSystems.includes(fileSystem))
      .map((tier) => ({ tier, place: { fileSystem }, only: failed.case })),
  )
}

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

const fileSystemOf = (place: TierPlace): string =>
  'folder' in place ? 'workdir' : place.fileSystem

/** A tier that is not run, and why. */
function notRun({ tier, place }: Work, reason: string): TierReport {
  const { name, title } = tier
  const of = { tier: name, title, fileSystem: fileSystemOf(place), replays: [] }
  return { ...of, verdict: 'skipped', reason, durationMs: 0, result: null }
}

async function runTier(
  { tier, place, only }: Work,
  forMs: number,
  failures: Failures,
  options: TestOptions,
): Promise<TierReport> {
  const { subject, seed, everyPoint, signal, again, onProgress, onCase } = options
  const fileSystem = fileSystemOf(place)
  const ofCase = again === null || only === null ? '' : `, case ${only}`
  const base = { tier: tier.name, title: `${tier.title}${ofCase}`, fileSystem, replays: [] }
  const startedMs = performance.now()
  const durationMs = (): number => Math.round(performance.now() - startedMs)
  const lacks = await tier.lacks(place)
  if (lacks !== null) {
    return { ...base, verdict: 'skipped', reason: lacks, durationMs: durationMs(), result: null }
  }
  const title = `${base.title} on ${fileSystem}`
  options.onStart(title)
  const ran = await runOrSay(() =>
    tier.run({
      subject,
      place,
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
  const result = failures.isEnough ? { ...ran, remark: `it was stopped: ${failures.inWords}` } : ran
  return {
    ...base,
    ...concludeTier(result),
    durationMs: durationMs(),
    result,
    replays: result.problems.map((problem) =>
      caseReplayLine(options, tier.name, fileSystem, problem.case),
    ),
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
  const works = worksOf(options)
  const forMs = (seconds * 1000) / works.length
  const failures = new Failures(options.maxFailures)
  const reports: TierReport[] = []
  for (const work of works) {
    const report = failures.isEnough
      ? notRun(work, failures.inWords)
      : await runTier(work, forMs, failures, options)
    reports.push(report)
    options.onTier(report)
  }
  const { name } = subject.description
  return { subject: name, seed: options.seed, verdict: verdictOfTiers(reports), tiers: reports }
}
