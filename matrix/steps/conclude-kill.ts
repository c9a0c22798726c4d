import type { ControlRecord, IterationRecord } from '../evidence/types.ts'
import type { StepOutcome } from './step.ts'

function reasonFor(records: IterationRecord[], controls: ControlRecord[]): string | null {
  const count = (verdict: string): number =>
    records.filter((record) => record.verdict === verdict).length
  const failed = records.find(({ verdict }) => verdict === 'fail')
  if (failed !== undefined) {
    const names = [...new Set(records.flatMap(({ failures }) => failures.map(({ name }) => name)))]
    return `${count('fail')} of ${records.length} iterations failed: ${names.join(', ')}`
  }
  const unsure = records.find(({ verdict }) => verdict === 'inconclusive')
  if (unsure !== undefined) {
    return `${count('inconclusive')} of ${records.length} iterations are inconclusive: ${unsure.reason}`
  }
  if (!records.some(({ delivered }) => delivered)) return 'no fault was delivered'
  const missed = controls.filter(({ expectation, caught }) => expectation === 'caught' && !caught)
  if (missed.length === 0) {
    const untried = controls.find(({ iterations }) => iterations === 0)
    return untried === undefined ? null : `its control ${untried.name} was not put to the test`
  }
  return `the run missed its control ${missed.map(({ name }) => name).join(', ')}, so it proves nothing`
}

/** What the iterations and the controls come to. */
export function concludeKill(
  records: IterationRecord[],
  controls: ControlRecord[],
): Extract<StepOutcome, { name: 'kill' }> {
  const count = (verdict: string): number =>
    records.filter((record) => record.verdict === verdict).length
  const reason = reasonFor(records, controls)
  return {
    name: 'kill',
    verdict: count('fail') > 0 ? 'fail' : reason === null ? 'pass' : 'inconclusive',
    reason,
    iterations: records.length,
    delivered: records.filter(({ delivered }) => delivered).length,
    passed: count('pass'),
    failed: count('fail'),
    inconclusive: count('inconclusive'),
    controls,
  }
}
