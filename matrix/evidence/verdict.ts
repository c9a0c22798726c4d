import type { StepRecord, Verdict } from './types.ts'

/** The verdicts, the worst first. */
export const FROM_THE_WORST: Verdict[] = ['fail', 'inconclusive', 'skipped', 'pass']

/**
 * The verdict of a run: a failed step fails it, and a step that did not pass leaves it inconclusive. Power
 * cuts that were skipped do not: a machine that can't make them says so, and the gate knows what that is
 * worth.
 */
export function verdictOf(steps: StepRecord[]): Verdict {
  const verdicts = steps
    .filter(({ name, verdict }) => name !== 'power-cut' || verdict !== 'skipped')
    .map(({ verdict }) => verdict)
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'pass')
    ? 'pass'
    : 'inconclusive'
}
