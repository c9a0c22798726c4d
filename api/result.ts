import type { FileSystem, TierName } from './options.ts'

/** A tier that ran, and what it came to. */
export interface RanTier {
  /** Its name. */
  readonly tier: TierName
  /** Where it ran. */
  readonly fileSystem: FileSystem
  /** How many cases were tried: kills, states of the disk, errors. */
  readonly cases: number
  /** How many different contents of the subject's directory were judged; null where that is not counted. */
  readonly distinctContents: number | null
  /** How many faults that must be caught were caught: all of them, or the tier would not count. */
  readonly controlsCaught: number
  /** What else must be known of how it was done, in a sentence; null where nothing. */
  readonly remark: string | null
}

/** A tier that could not run here, and why, in a sentence. */
export interface SkippedTier {
  /** Its name. */
  readonly tier: TierName
  /** Where it would have run. */
  readonly fileSystem: FileSystem
  /** What it needs, in a sentence, with the way to get that. */
  readonly why: string
}

/** What was tried, all of which the subject withstood. */
export interface CrashTestResult {
  /** The subject's name. */
  readonly subject: string
  /** With it the same histories and faults are drawn again. */
  readonly seed: number
  /** What it withstood; at least one. */
  readonly ran: readonly RanTier[]
  /** What this machine can't do. */
  readonly skipped: readonly SkippedTier[]
  /** How many cases were tried in all. */
  readonly cases: number
  /** All of this in a sentence, to be logged. */
  readonly sentence: string
}
