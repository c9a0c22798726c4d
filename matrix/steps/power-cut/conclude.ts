import { NO_CONFIRMATIONS } from '../../../harness/oracle/second-look.ts'
import type { PowerCutRecord } from '../../evidence/types.ts'
import { dueControls, whyNothingProven } from '../controls.ts'
import type { StepOutcome } from '../row.ts'

/** Of power that was not cut, but for why. */
export const UNMADE = {
  name: 'power-cut',
  confirmations: NO_CONFIRMATIONS,
  states: 0,
  contents: 0,
  passed: 0,
  failed: 0,
} as const

function whyNotProven(record: PowerCutRecord, tested: PowerCutRecord['controls']): string | null {
  const { states, problems, flushes, marker, injector, controls } = record
  if (states.unjudged > 0) {
    const why = problems.find(({ notJudged }) => notJudged !== null)?.notJudged
    return `${states.unjudged} of ${states.tried} states could not be judged: ${why}`
  }
  if (states.unconfirmed > 0) {
    return `in ${states.unconfirmed} of ${states.tried} states one look found a failure, and no other was taken`
  }
  if (states.tried === 0) return 'no state was tried'
  if (flushes.recorded !== flushes.counted || flushes.recorded === 0) {
    return `the device saw ${flushes.recorded} flushes and the kernel counted ${flushes.counted}`
  }
  if (marker.vanished === 0) return 'what was never synced was there in every state'
  if (injector.agreed < injector.compared) {
    return `e2fsck and the kernel disagree about ${injector.compared - injector.agreed} of ${injector.compared} states`
  }
  if (dueControls(controls).length === 0) return 'there was no control that it must catch'
  return whyNothingProven('it', tested, (control) => control.states)
}

function whyFailed({ states, problems }: PowerCutRecord): string | null {
  if (states.failed === 0) return null
  const names = [...new Set(problems.flatMap(({ failures }) => failures.map(({ name }) => name)))]
  const { failed, unconfirmed, tried } = states
  const more = unconfirmed === 0 ? '' : `, and ${unconfirmed} more by one look alone`
  return `${failed} of ${tried} states failed${more}: ${names.join(', ')}`
}

/** What a record of power cuts comes to, where the controls in `tested` must have been tried. */
export function concludePowerCut(
  record: PowerCutRecord,
  tested = record.controls,
): Extract<StepOutcome, { name: 'power-cut' }> {
  const whyFail = whyFailed(record)
  const unproven = whyNotProven(record, tested)
  const { tried, failed, unconfirmed, unjudged } = record.states
  return {
    name: 'power-cut',
    verdict: whyFail !== null ? 'fail' : unproven !== null ? 'inconclusive' : 'pass',
    reason: whyFail ?? unproven,
    confirmations: record.confirmations,
    states: tried,
    contents: record.states.contents,
    passed: tried - failed - unconfirmed - unjudged,
    failed,
  }
}

/** What a record of any other subject's power cuts comes to: only the controls that its promise must catch are tried. */
export function concludeAnyPowerCut(
  record: PowerCutRecord,
): Extract<StepOutcome, { name: 'power-cut' }> {
  return concludePowerCut(record, dueControls(record.controls))
}
