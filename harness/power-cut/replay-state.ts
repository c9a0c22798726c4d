import { stateNamed } from '../crash-states/losses.ts'
import type { Recording } from '../crash-states/recording.ts'
import type { OrderedRecording } from '../crash-states/recording-file.ts'
import { isInFull } from '../crash-states/sampling.ts'
import type { CrashState, LossId, StateId } from '../crash-states/state.ts'
import { statesOf } from '../crash-states/states.ts'
import { NO_CONFIRMATIONS } from '../oracle/second-look.ts'
import type { StateResult } from './check-state.ts'
import { Checker, type CheckRequest } from './checker.ts'
import {
  type ConfirmOptions,
  confirmState,
  type JudgedState,
  lookAt,
  type SecondLook,
  secondLooksAt,
} from './confirm-state.ts'

export type ReplayOptions = ConfirmOptions

/** The state with that number or that loss, or undefined when the recording has none. */
export function stateOf(ordered: OrderedRecording, id: StateId | LossId): CrashState | undefined {
  const { recording, seed, tearBytes } = ordered
  if ('loss' in id) return stateNamed(recording, id.loss)
  return statesOf(recording, seed, tearBytes).distinct[id.number - 1]
}

/** One that is named by its loss is held against the oracle in full, for it can have been found so. */
const looksInFull = (id: StateId | LossId): boolean => 'loss' in id || isInFull(id)

/**
 * Rebuilds a state on a device, mounts it and judges it again; a failure by other looks as well. Throws as
 * `Checker` and `confirmState` do.
 */
export async function replayMounted(
  recording: Recording,
  state: CrashState,
  id: StateId | LossId,
  options: ReplayOptions,
): Promise<JudgedState> {
  const { fileSystem, template } = recording
  const request = { state, inFull: looksInFull(id) }
  const checker = await Checker.create({ ...options, fileSystem, sizeBytes: template.length })
  let first: StateResult
  try {
    first = await checker.check(recording, request)
  } finally {
    await checker.remove()
  }
  return await judgeState(recording, request, first, secondLooksAt(recording), options)
}

/** The same of an ext4 state without ever mounting it: both looks are by e2fsck. Throws as `confirmState`. */
export async function replayWithoutMount(
  recording: Recording,
  state: CrashState,
  id: StateId | LossId,
  options: ReplayOptions,
): Promise<JudgedState> {
  const request = { state, inFull: looksInFull(id) }
  const first = await lookAt('e2fsck', recording, request, options)
  return await judgeState(recording, request, first, ['e2fsck'], options)
}

async function judgeState(
  recording: Recording,
  request: CheckRequest,
  first: StateResult,
  ways: SecondLook[],
  options: ReplayOptions,
): Promise<JudgedState> {
  if (first.failures.length === 0) {
    return { ...first, confirmedBy: [], confirmations: NO_CONFIRMATIONS }
  }
  return await confirmState(recording, request, first, ways, options)
}
