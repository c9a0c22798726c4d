import { applyRecord, type Recording } from './recording.ts'
import type { CrashState } from './state.ts'

/** Makes the writes of a state that were in flight, on an image that holds what was durable. */
export function applyState(
  image: Uint8Array,
  { records, data }: Recording,
  state: CrashState,
): void {
  const { kept, tear } = state
  for (const number of kept) {
    const record = records[number]
    if (record === undefined) continue
    if (tear?.record === number)
      applyRecord(image, record, data, tear.fromBytes, Math.min(tear.toBytes, record.sizeBytes))
    else applyRecord(image, record, data)
  }
}

/** The image of a state, made from nothing but the recording. */
export function imageOfState(recording: Recording, state: CrashState): Uint8Array {
  const image = recording.template.slice()
  const { records, data } = recording
  for (const record of records.slice(0, state.epoch.fromPosition)) applyRecord(image, record, data)
  applyState(image, recording, state)
  return image
}
