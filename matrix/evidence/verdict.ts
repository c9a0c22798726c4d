import type { StepRecord, Verdict } from './types.ts'

/** The verdict of a run: a failed step fails it, and a step that did not pass leaves it inconclusive. */
export function verdictOf(steps: StepRecord[]): Verdict {
  const verdicts = steps.map(({ verdict }) => verdict)
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'pass')
    ? 'pass'
    : 'inconclusive'
}
