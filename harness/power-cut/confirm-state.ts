import { imageOfState } from '../crash-states/image.ts'
import type { Recording } from '../crash-states/recording.ts'
import type { Failure } from '../oracle/failure.ts'
import { type Confirmations, judgeLooks, type Look } from '../oracle/second-look.ts'
import { DEFAULT_TIMEOUT_MS } from '../process/default-timeout.ts'
import { MachineError } from '../process/machine-error.ts'
import type { MountNamespace } from '../process/namespace.ts'
import { NOT_MOUNTED, type StateResult, whyNotJudged } from './check-state.ts'
import type { CheckerOptions, CheckRequest } from './checker.ts'
import { loopMounted } from './device/loop-mount.ts'
import { readableWithoutMount, withoutMount } from './without-mount.ts'

/**
 * Ways to look at a state again from nothing but its recording, each with a process of its own: the kernel
 * mounts a plain file on a fresh loop device, or e2fsck replays ext4's journal and debugfs reads.
 */
export type SecondLook = 'loop-mount' | 'e2fsck'

/** Who looks, in words. */
export const SECOND_LOOK_IN_WORDS: Readonly<Record<SecondLook, string>> = {
  'loop-mount': 'another process on a fresh loop device',
  e2fsck: 'another process on what e2fsck and debugfs read',
}

/** What a state's looks come to, and which of them found what the first one did. */
export interface JudgedState extends StateResult {
  confirmedBy: SecondLook[]
  /** What looking again took; nothing for a state in which nothing was wrong. */
  confirmations: Confirmations
}

export type ConfirmOptions = Pick<
  CheckerOptions,
  'host' | 'timeoutMs' | 'runtime' | 'signal' | 'stateDirectory'
>

/** All ways to look at a recording's states again. */
export function secondLooksAt(recording: Recording): SecondLook[] {
  return readableWithoutMount(recording) ? ['loop-mount', 'e2fsck'] : ['loop-mount']
}

/**
 * Looks at a state in one of these ways; when the machine can't, the state could not be judged. Throws what
 * the signal was aborted with.
 */
export async function lookAt(
  way: SecondLook,
  recording: Recording,
  { state, inFull }: CheckRequest,
  options: ConfirmOptions,
): Promise<StateResult> {
  const { host, timeoutMs = DEFAULT_TIMEOUT_MS, signal, runtime } = options
  const check = async (root: string, namespace?: MountNamespace): Promise<StateResult> => {
    const judge = host.judgeWith({ timeoutMs, signal, runtime, namespace })
    try {
      return await judge.judge(root, { recording, state, inFull })
    } finally {
      await judge.stop()
    }
  }
  const image = imageOfState(recording, state)
  try {
    return way === 'loop-mount'
      ? await loopMounted(image, recording, options, check)
      : await withoutMount(image, options, check)
  } catch (error) {
    signal?.throwIfAborted()
    const notJudged = error instanceof MachineError ? error.message : whyNotJudged(error)
    return { ...NOT_MOUNTED, notJudged }
  }
}

function lookOf(by: string, { failures, gone, notJudged }: StateResult): Look {
  return { by, failures, gone, notJudged }
}

/**
 * Judges a state in which the first look found a failure: in each of the ways it is looked at again, until
 * one finds something else. What all looks found is the failure; where they disagree, the state could not be
 * judged. Throws as `lookAt`.
 */
export async function confirmState(
  recording: Recording,
  request: CheckRequest,
  first: StateResult,
  ways: readonly SecondLook[],
  options: ConfirmOptions,
): Promise<JudgedState> {
  const startedMs = performance.now()
  const firstLook = lookOf('the first look', first)
  const others: Look[] = []
  let judged: { failures: Failure[] } | { disagreement: string } = { failures: [] }
  for (const way of ways) {
    others.push(lookOf(SECOND_LOOK_IN_WORDS[way], await lookAt(way, recording, request, options)))
    judged = judgeLooks(firstLook, others)
    if ('disagreement' in judged) break
  }
  const durationMs = Math.round(performance.now() - startedMs)
  if ('disagreement' in judged) {
    const confirmations = { taken: 1, agreed: 0, durationMs }
    const notJudged = judged.disagreement
    return { ...first, failures: [], notJudged, confirmedBy: [], confirmations }
  }
  const confirmations = { taken: 1, agreed: 1, durationMs }
  return { ...first, failures: judged.failures, confirmedBy: [...ways], confirmations }
}
