import type { FileSystem, TierName } from './options.ts'

/** A tier that ran, and what it came to. */
export interface RanTier {
  readonly tier: TierName
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
  readonly tier: TierName
  readonly fileSystem: FileSystem
  readonly why: string
}

/** What was tried, all of which the subject withstood. */
export interface CrashTestResult {
  /** The subject's name. */
  readonly subject: string
  /** With it the same histories and faults are drawn again. */
  readonly seed: number
  readonly ran: readonly RanTier[]
  readonly skipped: readonly SkippedTier[]
  /** How many cases were tried in all. */
  readonly cases: number
  /** All of this in a sentence, to be logged. */
  readonly sentence: string
}
