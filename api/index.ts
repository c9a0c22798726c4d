/** Crash tests inside of one's own test runner. */
export { crashTest } from './crash-test.ts'
export { CannotMeasure, CrashTestError, type WhyNotMeasured } from './errors.ts'
export type {
  Budget,
  CrashTestOptions,
  DescribedSubject,
  Fault,
  FileSystem,
  Guarantee,
  Kind,
  ModuleSubject,
  Promises,
  Signal,
  TierName,
} from './options.ts'
export type { CrashTestResult, RanTier, SkippedTier } from './result.ts'
