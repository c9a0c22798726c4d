import type { Verdict } from './evidence/types.ts'

/** What every command ends with. */
export const EXIT = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  missing: 3,
  broken: 4,
  usage: 64,
  /** Nobody reads the answer any more; 128 + SIGPIPE, as a shell shows it. */
  brokenPipe: 141,
} as const

/** The exit code of several verdicts: a failure outweighs an inconclusive, which outweighs a pass. */
export function exitCodeOf(verdicts: Verdict[]): number {
  if (verdicts.includes('fail')) return EXIT.fail
  if (verdicts.every((verdict) => verdict === 'pass') && verdicts.length > 0) return EXIT.pass
  return EXIT.inconclusive
}
