import { concludePowerCut } from '../steps/conclude-power-cut.ts'
import type { PowerCutRecord, StepRecord } from './types.ts'

function recordProblem(record: PowerCutRecord, recordings: ReadonlyMap<number, unknown>) {
  const { states, problems, marker, injector } = record
  const kinds = Object.values(states.byKind).reduce((sum, count) => sum + count, 0)
  if (kinds !== states.tried)
    return `power-cut.json counts ${states.tried} states, ${kinds} by kind`
  if (states.tried > states.distinct || states.distinct > states.drawn) {
    return 'power-cut.json tried more states than there were'
  }
  if (states.failed + states.unjudged < problems.length) {
    return 'power-cut.json lists more problems than it counts'
  }
  if (states.failed + states.unjudged > 0 !== problems.length > 0) {
    return 'power-cut.json counts problems and lists none'
  }
  const odd = problems.find((each) => each.failures.length > 0 === (each.notJudged !== null))
  if (odd !== undefined) return `state ${odd.state} contradicts itself`
  if (marker.vanished > marker.states || injector.agreed > injector.compared) {
    return 'power-cut.json counts more of some states than there were'
  }
  const kept = [...recordings.keys()].sort((a, b) => a - b).join()
  const said = record.recordings.toSorted((a, b) => a - b).join()
  return kept === said ? null : `power-cut.json names the recordings ${said}, and ${kept} are there`
}

/** What of the power-cut step contradicts its record, in a sentence; null when they agree. */
export function powerCutProblem(
  step: Extract<StepRecord, { name: 'power-cut' }>,
  record: PowerCutRecord | null,
  recordings: ReadonlyMap<number, unknown>,
): string | null {
  if (record === null) {
    if (recordings.size > 0) return 'there are recordings and no power-cut.json'
    return step.verdict === 'pass' || step.verdict === 'fail'
      ? `the power-cut step says ${step.verdict} without power-cut.json`
      : null
  }
  const { states, failed, verdict } = concludePowerCut(record)
  if (step.states !== states || step.failed !== failed) {
    return `run.json counts ${step.failed} of ${step.states} states and power-cut.json has ${failed} of ${states}`
  }
  const better = step.verdict === 'pass' && verdict !== 'pass'
  if (better || (verdict === 'fail' && step.verdict !== 'fail')) {
    return `the power-cut step says ${step.verdict} and power-cut.json comes to ${verdict}`
  }
  return recordProblem(record, recordings)
}
