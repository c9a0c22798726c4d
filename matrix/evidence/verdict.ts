import type { StepRecord, Verdict } from './types.ts'

/** The verdicts, the worst first. */
export const FROM_THE_WORST: Verdict[] = ['fail', 'inconclusive', 'skipped', 'pass']

/** The steps that can be skipped, where what they need is not there, and what a run without them has not shown. */
const CAN_BE_SKIPPED: Partial<Record<StepRecord['name'], string>> = {
  'wal-tests': 'the log’s own tests did not run',
  'power-cut': 'its power was never cut',
}

/** What a skipped step leaves open, in words; null where a step of its kind is never skipped. */
export const openWithout = ({ name }: Pick<StepRecord, 'name'>): string | null =>
  CAN_BE_SKIPPED[name] ?? null

/**
 * The verdict of a run: a failed step fails it, and a step that did not pass leaves it inconclusive. A skipped
 * one does not: a machine that can't make it says so, and the gate knows what that is worth.
 */
export function verdictOf(steps: StepRecord[]): Verdict {
  const verdicts = steps
    .filter((step) => step.verdict !== 'skipped' || openWithout(step) === null)
    .map(({ verdict }) => verdict)
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'pass')
    ? 'pass'
    : 'inconclusive'
}
