import { openWithout } from '../steps/index.ts'
import type { StepRecord, Verdict } from './types.ts'

/**
 * The verdict of a run: a failed step fails it, and a step that did not pass leaves it inconclusive. A skipped
 * one does not: a machine that can't make it says so, and the gate knows what that is worth.
 */
export function verdictOf(steps: readonly StepRecord[]): Verdict {
  const verdicts = steps
    .filter((step) => step.verdict !== 'skipped' || openWithout(step) === null)
    .map(({ verdict }) => verdict)
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'pass')
    ? 'pass'
    : 'inconclusive'
}
