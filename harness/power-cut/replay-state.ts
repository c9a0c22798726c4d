import { DEFAULT_TIMEOUT_MS } from '../kill/crew.ts'
import { Recoverer } from '../kill/recoverer-client.ts'
import { isInFull } from './campaign.ts'
import { asFileSystemProblem, checkFiles, NOT_MOUNTED, type StateResult } from './check-state.ts'
import { Checker, type CheckerOptions } from './checker.ts'
import type { NumberedRecording } from './recording-file.ts'
import type { CrashState } from './state.ts'
import { statesOf } from './states.ts'
import { imageOfState } from './view.ts'
import { withoutMount } from './without-mount.ts'

export type ReplayOptions = Pick<
  CheckerOptions,
  'inspect' | 'timeoutMs' | 'runtime' | 'signal' | 'stateDirectory'
>

/** The state of that number, or undefined when the recording has none. */
export function stateNumbered(numbered: NumberedRecording, number: number): CrashState | undefined {
  const { recording, seed, tearBytes, firstState } = numbered
  return statesOf(recording, seed, tearBytes).distinct[number - firstState]
}

/** Rebuilds a state on a device, mounts it and judges it again. Throws as `Checker` does. */
export async function replayMounted(
  { recording }: NumberedRecording,
  state: CrashState,
  number: number,
  options: ReplayOptions,
): Promise<StateResult> {
  const { fileSystem, template } = recording
  const checker = await Checker.create({ ...options, fileSystem, sizeBytes: template.length })
  try {
    return await checker.check(recording, { state, inFull: isInFull(number) })
  } finally {
    await checker.remove()
  }
}

/** The same of an ext4 state without mounting it. Throws a `MachineError`. */
export async function replayWithoutMount(
  { recording }: NumberedRecording,
  state: CrashState,
  number: number,
  options: ReplayOptions,
): Promise<StateResult> {
  const { inspect, timeoutMs = DEFAULT_TIMEOUT_MS } = options
  const recoverer = new Recoverer({ ...options, timeoutMs })
  try {
    return await withoutMount(imageOfState(recording, state), options, (root) =>
      checkFiles(root, { recoverer, recording, state, inFull: isInFull(number), inspect }),
    )
  } catch (error) {
    options.signal?.throwIfAborted()
    return { ...NOT_MOUNTED, fileSystemProblem: asFileSystemProblem(error) }
  } finally {
    await recoverer.stop()
  }
}
