import { openWithout, stepsOf } from '../../steps/index.ts'
import type { ReadFiles } from '../read-files.ts'
import type { StepRecord } from '../types.ts'
import { verdictOf } from '../verdict.ts'

function stepProblem(step: StepRecord): string | null {
  const { name, verdict, reason, durationMs } = step
  if (verdict === 'pass' && reason !== null) {
    return `the ${name} step passes and gives a reason not to`
  }
  // Every step starts processes.
  if (verdict === 'pass') return durationMs > 0 ? null : `the ${name} step passes and took no time`
  if (reason === null) return `the ${name} step says ${verdict} and not why`
  return verdict === 'skipped' && openWithout(step) === null
    ? `the ${name} step was skipped, and it never is`
    : null
}

/** What of a run's steps is missing or out of order, or of its verdict does not follow from theirs. */
export function stepsProblem({
  run,
  description,
}: Pick<ReadFiles, 'run' | 'description'>): string | null {
  const { steps, verdict, pass } = run
  const names = steps.map(({ name }) => name)
  const due = stepsOf(description).map(({ name }) => name)
  if (names.join() !== due.join()) return `its steps are ${names.join(', ')}`
  for (const step of steps) {
    const problem = stepProblem(step)
    if (problem !== null) return problem
  }
  if (verdict !== verdictOf(steps)) return 'its verdict does not follow from its steps'
  return pass === (verdict === 'pass') ? null : 'its pass contradicts its verdict'
}
