import type { TierResult } from '../../harness/tier.ts'
import type { Verdict } from '../evidence/types.ts'

/** What one tier found out about a subject on one file system; `result` is null where it could not run. */
export interface TierReport {
  tier: string
  title: string
  fileSystem: string
  verdict: Verdict
  reason: string | null
  durationMs: number
  result: TierResult | null
  /** The commands that run the first problems again, in their order. */
  replays: string[]
}

/** What `pullplug test` found out about a subject. */
export interface TestReport {
  subject: string
  seed: number
  verdict: Verdict
  tiers: TierReport[]
}

/**
 * The verdict of all: one failure fails it; it is inconclusive where a tier was, or none ran. What could not run
 * here is told, and does not count.
 */
export function verdictOfTiers(tiers: readonly TierReport[]): Verdict {
  const made = tiers.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'skipped')
  if (made.includes('fail')) return 'fail'
  return made.length > 0 && made.every((verdict) => verdict === 'pass') ? 'pass' : 'inconclusive'
}
