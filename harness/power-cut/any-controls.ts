import { beginningOf, type Recording, withoutFlushes } from '../crash-states/recording.ts'
import { type CrashState, stateInWords } from '../crash-states/state.ts'
import { statesOf } from '../crash-states/states.ts'
import type { SubjectPromise } from '../oracle/promises/index.ts'
import { changesOf } from '../plan/changes.ts'
import type { SubjectKind } from '../subject/change.ts'
import { ANOTHER_HISTORY, type AnyControl, WITHOUT_FLUSHES } from '../subject/controls.ts'
import { controlResult, type TierControl } from '../tier.ts'
import type { Rig } from './rig.ts'

/** The most states that a control is tried in. */
export const MOST_CONTROL_STATES = 200

/** The states of what is in flight together grow with the square of it, and its beginning shows all that there is. */
const RECORDS = 200
const ACKED = 3
/** A history that no round has: those are counted from 1. */
const OTHER_HISTORY = 0

export interface AnyControlOptions {
  recording: Recording
  kind: SubjectKind
  promise: SubjectPromise
  seed: number
  tearBytes: number
}

/** Tries states until one shows a failure, which a fresh process on a fresh loop device confirms. */
async function catchIn(
  rig: Rig,
  control: AnyControl,
  recording: Recording,
  states: readonly CrashState[],
  promise: SubjectPromise,
): Promise<TierControl> {
  let shown: { failure: NonNullable<TierControl['failure']>; by: string } | null = null
  let tries = 0
  const requests = states.slice(0, MOST_CONTROL_STATES).map((state) => ({ state, inFull: false }))
  await rig.checkAll(recording, requests, async (request, result) => {
    tries += 1
    if (shown !== null) return 'enough'
    if (result.failures.length === 0) return 'more'
    const confirmed = await rig.confirm(recording, request, result, ['loop-mount'])
    const [failure] = confirmed.failures
    if (failure !== undefined) {
      shown ??= { failure: failure.name, by: stateInWords(request.state) }
    }
    return shown === null ? 'more' : 'enough'
  })
  return controlResult(control, promise, tries, shown)
}

/** The same writes on a disk that does nothing at a flush: what is durable elsewhere is not there. */
async function catchWithoutFlushes(
  rig: Rig,
  { recording, promise, seed, tearBytes }: AnyControlOptions,
): Promise<TierControl> {
  const unflushed = withoutFlushes(beginningOf(recording, RECORDS, ACKED))
  const { distinct } = statesOf(unflushed, seed, tearBytes)
  return await catchIn(rig, WITHOUT_FLUSHES, unflushed, distinct, promise)
}

/**
 * What the subject's changes left, held against others: the recording's end, at which even what the subject never
 * syncs is durable.
 */
async function catchAnotherHistory(
  rig: Rig,
  { recording, kind, promise, seed, tearBytes }: AnyControlOptions,
): Promise<TierControl> {
  if (ANOTHER_HISTORY.unseenBecause(promise) !== null) {
    return controlResult(ANOTHER_HISTORY, promise, 0, null)
  }
  const { promises } = recording
  const changes = promises.sent.length
  const sent = changesOf({ kind, seed, round: OTHER_HISTORY, changes })
  const strange = {
    ...recording,
    promises: { ...promises, sent: sent.map((change) => JSON.stringify(change)) },
  }
  const fromItsEnd = statesOf(recording, seed, tearBytes)
    .distinct.filter((state) => state.kind === 'prefix')
    .sort((a, b) => b.epoch.endPosition - a.epoch.endPosition)
  return await catchIn(rig, ANOTHER_HISTORY, strange, fromItsEnd, promise)
}

/**
 * The controls that any subject's own recording gives. A weaker promise may allow what the first one loses. Throws
 * as checking states does.
 */
export async function catchAnyControls(
  rig: Rig,
  options: AnyControlOptions,
): Promise<TierControl[]> {
  return [await catchWithoutFlushes(rig, options), await catchAnotherHistory(rig, options)]
}
