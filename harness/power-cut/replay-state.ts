import { DEFAULT_TIMEOUT_MS } from '../kill/crew.ts'
import { Recoverer } from '../kill/recoverer-client.ts'
import { isInFull } from './campaign.ts'
import { checkFiles, NOT_MOUNTED, type StateResult, whyNotJudged } from './check-state.ts'
import { Checker, type CheckerOptions } from './checker.ts'
import type { Recording } from './recording.ts'
import type { OrderedRecording } from './recording-file.ts'
import type { CrashState, StateId } from './state.ts'
import { statesOf } from './states.ts'
import { imageOfState } from './view.ts'
import { withoutMount } from './without-mount.ts'

export type ReplayOptions = Pick<
  CheckerOptions,
  'inspect' | 'timeoutMs' | 'runtime' | 'signal' | 'stateDirectory'
>

/** The state with that number, or undefined when the recording has none. */
export function stateOf(ordered: OrderedRecording, { number }: StateId): CrashState | undefined {
  const { recording, seed, tearBytes } = ordered
  return statesOf(recording, seed, tearBytes).distinct[number - 1]
}

/** Rebuilds a state on a device, mounts it and judges it again. Throws as `Checker` does. */
export async function replayMounted(
  recording: Recording,
  state: CrashState,
  id: StateId,
  options: ReplayOptions,
): Promise<StateResult> {
  const { fileSystem, template } = recording
  const checker = await Checker.create({ ...options, fileSystem, sizeBytes: template.length })
  try {
    return await checker.check(recording, { state, inFull: isInFull(id) })
  } finally {
    await checker.remove()
  }
}

/** The same of an ext4 state without mounting it. Throws a `MachineError`. */
export async function replayWithoutMount(
  recording: Recording,
  state: CrashState,
  id: StateId,
  options: ReplayOptions,
): Promise<StateResult> {
  const { inspect, timeoutMs = DEFAULT_TIMEOUT_MS } = options
  const recoverer = new Recoverer({ ...options, timeoutMs })
  try {
    return await withoutMount(imageOfState(recording, state), options, (root) =>
      checkFiles(root, { recoverer, recording, state, inFull: isInFull(id), inspect }),
    )
  } catch (error) {
    options.signal?.throwIfAborted()
    return { ...NOT_MOUNTED, notJudged: whyNotJudged(error) }
  } finally {
    await recoverer.stop()
  }
}
