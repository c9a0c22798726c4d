import { confirmationsOf, sumOfConfirmations } from '../../../harness/oracle/second-look.ts'
import { expectedControls } from '../../../subjects/wal/expected/controls.ts'
import type { ControlRecord, IterationRecord } from '../../evidence/types.ts'
import { dueControls, whyNothingProven } from '../controls.ts'
import type { StepOutcome } from '../row.ts'

const TOLD = ['caught', 'failure', 'by', 'iterations'] as const

function inWords({ caught, failure, by, iterations }: Pick<ControlRecord, (typeof TOLD)[number]>) {
  return caught
    ? `${failure} in ${iterations} iterations (${by})`
    : `nothing in ${iterations} iterations`
}

/** A SIGKILL leaves the same everywhere, so each control fares alike wherever all its iterations could be made. */
function otherwise(controls: ControlRecord[]): string | null {
  for (const expected of expectedControls()) {
    const fared = controls.find(({ name }) => name === expected.name)
    if (fared === undefined) return `its control ${expected.name} was not put to the test`
    if (TOLD.some((each) => fared[each] !== expected[each])) {
      return `its control ${expected.name} fared otherwise than in memory: ${inWords(fared)}, and there ${inWords(expected)}`
    }
  }
  return null
}

function reasonFor(
  records: IterationRecord[],
  controls: ControlRecord[],
  unproven: (controls: ControlRecord[]) => string | null,
): string | null {
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
  return unproven(controls)
}

const triesOf = ({ iterations }: ControlRecord): number => iterations

function conclude(
  records: IterationRecord[],
  controls: ControlRecord[],
  unproven: (controls: ControlRecord[]) => string | null,
): Extract<StepOutcome, { name: 'kill' }> {
  const count = (verdict: string): number =>
    records.filter((record) => record.verdict === verdict).length
  const reason = reasonFor(records, controls, unproven)
  return {
    name: 'kill',
    verdict: count('fail') > 0 ? 'fail' : reason === null ? 'pass' : 'inconclusive',
    reason,
    iterations: records.length,
    delivered: records.filter(({ delivered }) => delivered).length,
    passed: count('pass'),
    failed: count('fail'),
    inconclusive: count('inconclusive'),
    confirmations: sumOfConfirmations(records.map(confirmationsOf)),
    controls,
  }
}

/** What the iterations of our log, or of a control of it, and the controls come to. */
export function concludeKill(
  records: IterationRecord[],
  controls: ControlRecord[],
): Extract<StepOutcome, { name: 'kill' }> {
  return conclude(
    records,
    controls,
    (fared) => whyNothingProven('the run', fared, triesOf) ?? otherwise(fared),
  )
}

/** What the iterations of any other subject come to, and the controls that its promise must catch. */
export function concludeAnyKill(
  records: IterationRecord[],
  controls: ControlRecord[],
): Extract<StepOutcome, { name: 'kill' }> {
  return conclude(records, controls, (fared) => {
    const due = dueControls(fared)
    if (due.length === 0) return 'there was no control that it must catch'
    return whyNothingProven('the run', due, triesOf)
  })
}
