import { applyRequest, type Recording } from './recording.ts'
import type { CrashState } from './state.ts'

/** Makes the writes of a state that were in flight, on an image that holds what was durable. */
export function applyState(
  image: Uint8Array,
  { requests, data }: Recording,
  state: CrashState,
): void {
  const { kept, tear } = state
  for (const number of kept) {
    const request = requests[number]
    if (request === undefined) continue
    if (tear?.request === number)
      applyRequest(image, request, data, tear.fromBytes, Math.min(tear.toBytes, request.sizeBytes))
    else applyRequest(image, request, data)
  }
}

/** The image of a state, made from nothing but the recording. */
export function imageOfState(recording: Recording, state: CrashState): Uint8Array {
  const image = recording.template.slice()
  const { requests, data } = recording
  for (const request of requests.slice(0, state.epoch.fromPosition))
    applyRequest(image, request, data)
  applyState(image, recording, state)
  return image
}
