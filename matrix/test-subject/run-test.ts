import { describedIoErrorTier } from '../../harness/io-error/described-tier.ts'
import { describedKillTier } from '../../harness/kill/described-tier.ts'
import { CannotJudge } from '../../harness/oracle/cannot-judge.ts'
import { describedPowerCutTier } from '../../harness/power-cut/described-tier.ts'
import type { DescribedSubject } from '../../harness/subject/description.ts'
import { concludeTier, type Tier, type TierPlace, type TierResult } from '../../harness/tier.ts'
import { makeScratch } from '../check/scratch.ts'
import { assertKeepsContract } from './keeps-contract.ts'
import { choosePlaces, type PlaceName, placeIn } from './places.ts'
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
  signal: AbortSignal
  onStart: (title: string) => void
  onProgress: (title: string, cases: number) => void
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

/** What the work gave, or why it could not judge, in a sentence. */
async function runOrSay(work: () => Promise<TierResult>): Promise<TierResult | string> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CannotJudge) return error.message
    throw error
  }
}

async function runTier(
  tier: Tier,
  { fileSystem, lacks }: { fileSystem: PlaceName; lacks: string | null },
  place: TierPlace,
  forMs: number,
  options: TestOptions,
): Promise<TierReport> {
  const { subject, seed, only, everyPoint, signal, onProgress } = options
  const base = { tier: tier.name, title: tier.title, fileSystem, replays: [] }
  const startedMs = performance.now()
  const durationMs = (): number => Math.round(performance.now() - startedMs)
  if (lacks !== null) {
    return { ...base, verdict: 'skipped', reason: lacks, durationMs: durationMs(), result: null }
  }
  const title = `${tier.title} on ${fileSystem}`
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
      onProgress: (cases) => onProgress(title, cases),
    }),
  )
  if (typeof ran === 'string') {
    return { ...base, verdict: 'inconclusive', reason: ran, durationMs: durationMs(), result: null }
  }
  const result = ran
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
  const tiers = TIERS.filter(({ name }) => options.tiers.includes(name))
  const works = await choosePlaces(tiers, options)
  const able = works.filter(({ lacks }) => lacks === null).length
  const forMs = (seconds * 1000) / Math.max(1, able)
  const reports: TierReport[] = []
  const scratch = makeScratch()
  try {
    for (const { tier, ...at } of works) {
      const report = await runTier(tier, at, placeIn(scratch.path, at.fileSystem), forMs, options)
      reports.push(report)
      options.onTier(report)
    }
  } finally {
    scratch.remove()
  }
  const { name } = subject.description
  return { subject: name, seed: options.seed, verdict: verdictOfTiers(reports), tiers: reports }
}
