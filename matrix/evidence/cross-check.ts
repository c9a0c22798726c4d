import type { IterationRecord, RunRecord, StepRecord } from './types.ts'
import { verdictOf } from './verdict.ts'

const STEP_NAMES: StepRecord['name'][] = ['wal-tests', 'kill', 'known-good', 'atomic-rename']

function killProblem(
  kill: Extract<StepRecord, { name: 'kill' }>,
  iterations: IterationRecord[],
): string | null {
  const count = (test: (record: IterationRecord) => boolean): number =>
    iterations.filter(test).length
  const counted = {
    iterations: iterations.length,
    delivered: count(({ delivered }) => delivered),
    passed: count(({ verdict }) => verdict === 'pass'),
    failed: count(({ verdict }) => verdict === 'fail'),
    inconclusive: count(({ verdict }) => verdict === 'inconclusive'),
  }
  for (const [name, found] of Object.entries(counted)) {
    const said = kill[name as keyof typeof counted]
    if (said !== found) return `run.json counts ${said} ${name} and iterations.ndjson has ${found}`
  }
  const odd = iterations.find(
    ({ verdict, delivered, failures }) =>
      (verdict === 'fail') !== failures.length > 0 || (verdict === 'pass' && !delivered),
  )
  if (odd !== undefined) return `iteration ${odd.iteration} contradicts itself`
  if (kill.verdict !== 'pass') return null
  if (counted.failed > 0) return 'the kill step passes although an iteration failed'
  return counted.inconclusive > 0
    ? 'the kill step passes although an iteration is inconclusive'
    : null
}

/**
 * What in a run's files contradicts the rest, in a sentence; null when they agree. `place` is where
 * the run stands: `<arch>/<fs>/run-N`.
 */
export function contradiction(
  run: RunRecord,
  iterations: IterationRecord[],
  verifyReport: { pass: boolean } | null,
  place: string,
): string | null {
  const claimed = `${run.cell.arch}/${run.cell.fileSystem}/run-${run.run}`
  if (place !== claimed) return `it stands at ${place} and says that it is ${claimed}`
  const names = run.steps.map(({ name }) => name)
  if (names.join() !== STEP_NAMES.join()) return `its steps are ${names.join(', ')}`
  if (run.verdict !== verdictOf(run.steps)) return 'its verdict does not follow from its steps'
  if (run.pass !== (run.verdict === 'pass')) return 'its pass contradicts its verdict'
  for (const step of run.steps) {
    if (step.name === 'kill') {
      const problem = killProblem(step, iterations)
      if (problem !== null) return problem
    }
    if (step.name === 'known-good' && step.verdict === 'pass' && verifyReport?.pass !== true) {
      return 'the known-good step passes and wal_verify.json does not'
    }
    if (
      step.name === 'wal-tests' &&
      step.verdict === 'pass' &&
      (step.passed === 0 || step.failed > 0)
    ) {
      return 'the wal-tests step passes without its tests'
    }
  }
  return null
}
