import type { PowerCutRecord } from '../evidence/types.ts'
import type { StepOutcome } from './step.ts'

function whyNotProven(record: PowerCutRecord): string | null {
  const { states, problems, flushes, marker, injector, controls } = record
  if (states.unjudged > 0) {
    const why = problems.find(({ notJudged }) => notJudged !== null)?.notJudged
    return `${states.unjudged} of ${states.tried} states could not be judged: ${why}`
  }
  if (states.tried === 0) return 'no state was tried'
  if (flushes.recorded !== flushes.counted || flushes.recorded === 0) {
    return `the device saw ${flushes.recorded} flushes and the kernel counted ${flushes.counted}`
  }
  if (marker.vanished === 0) return 'what was never synced was there in every state'
  if (injector.agreed < injector.compared) {
    return `e2fsck and the kernel disagree about ${injector.compared - injector.agreed} of ${injector.compared} states`
  }
  const due = controls.filter(({ expectation }) => expectation === 'caught')
  if (due.length === 0) return 'there was no control that it must catch'
  const missed = due.filter(({ caught }) => !caught).map(({ name }) => name)
  if (missed.length > 0) return `it missed its control ${missed.join(', ')}, so it proves nothing`
  const untried = controls.find((control) => control.states === 0)
  return untried === undefined ? null : `its control ${untried.name} was not put to the test`
}

function whyFailed({ states, problems }: PowerCutRecord): string | null {
  if (states.failed === 0) return null
  const names = [...new Set(problems.flatMap(({ failures }) => failures.map(({ name }) => name)))]
  return `${states.failed} of ${states.tried} states failed: ${names.join(', ')}`
}

/** What a record of power cuts comes to. */
export function concludePowerCut(
  record: PowerCutRecord,
): Extract<StepOutcome, { name: 'power-cut' }> {
  const failed = whyFailed(record)
  const unproven = whyNotProven(record)
  return {
    name: 'power-cut',
    verdict: failed !== null ? 'fail' : unproven !== null ? 'inconclusive' : 'pass',
    reason: failed ?? unproven,
    states: record.states.tried,
    failed: record.states.failed,
  }
}
