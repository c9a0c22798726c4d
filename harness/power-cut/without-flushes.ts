import { SECTOR_BYTES } from '../crash-states/device-record.ts'
import { beginningOf, type Recording, withoutFlushes } from '../crash-states/recording.ts'
import { statesOf } from '../crash-states/states.ts'
import type { SubjectPromise } from '../subject/promise.ts'
import type { TierControl } from '../tier.ts'
import type { Rig } from './rig.ts'

const MAX_STATES = 200

/** The states of what is in flight together grow with the square of it, and its beginning shows all that there is. */
const RECORDS = 200
const ACKED = 3

const CONTROL = {
  name: 'without-flushes',
  defect: 'the subject itself, on a disk that does nothing at a flush',
}

/**
 * A control that any subject's own recording gives: the same writes on a disk that does nothing at a flush. What
 * is durable elsewhere is not there, and the tier must see it. A weaker promise may allow it. Throws as checking
 * states does.
 */
export async function catchWithoutFlushes(
  rig: Rig,
  recording: Recording,
  promise: SubjectPromise,
  seed: number,
): Promise<TierControl> {
  const unflushed = withoutFlushes(beginningOf(recording, RECORDS, ACKED))
  const requests = statesOf(unflushed, seed, SECTOR_BYTES)
    .distinct.slice(0, MAX_STATES)
    .map((state) => ({ state, inFull: false }))
  let failure: TierControl['failure'] = null
  await rig.checkAll(unflushed, requests, async (request, result) => {
    if (result.failures.length === 0 || failure !== null)
      return failure === null ? 'more' : 'enough'
    const confirmed = await rig.confirm(unflushed, request, result, ['loop-mount'])
    failure ??= confirmed.failures[0]?.name ?? null
    return failure === null ? 'more' : 'enough'
  })
  const caught = failure !== null
  const unseenBecause =
    caught || promise === 'durable' ? null : `\`${promise}\` allows what such a disk loses`
  return { ...CONTROL, caught, failure, unseenBecause }
}
