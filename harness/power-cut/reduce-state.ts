import { lossName, lostIn, smallStates, stateNamed } from '../crash-states/losses.ts'
import { promisedAt, type Recording } from '../crash-states/recording.ts'
import type { CrashState } from '../crash-states/state.ts'
import { statesOf } from '../crash-states/states.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { FailureName } from '../oracle/failure.ts'
import { type ChangeRange, type HistoryPart, partName } from '../plan/part-of-history.ts'
import { smallerParts, smallestPart } from '../plan/smaller-parts.ts'
import type { Reduction } from '../story/story.ts'
import type { StateResult } from './check-state.ts'
import type { CheckRequest } from './checker.ts'
import type { JudgedState } from './confirm-state.ts'
import type { Rig } from './rig.ts'

/** A state of a recording that failed, and was looked at again. */
export interface FailingState {
  /** By which it is made again. */
  case: string
  recording: Recording
  state: CrashState
  result: JudgedState
  /** The subject's files as the file system brought them back. */
  files: ReadonlyMap<string, Uint8Array>
}

export interface SearchOptions {
  subject: string
  seed: number
  tearBytes: number
}

/** These are found by the oracle in full alone. */
const FOUND_IN_FULL: readonly FailureName[] = ['not-idempotent', 'wrong-next', 'wrong-next-seq']

type Seen = CheckRequest & { files?: ReadonlyMap<string, Uint8Array> }

/** A request that keeps the files that it shows. */
function seeing(state: CrashState, inFull: boolean): Seen {
  const request: Seen = { state, inFull }
  request.onMounted = (files) => {
    request.files = files
  }
  return request
}

/** The first of some states, in their order, in which such a failure is found and found again; null where there is none. */
async function firstFailing(
  rig: Rig,
  recording: Recording,
  states: readonly CrashState[],
  { name, isOver, tried }: { name: FailureName | null; isOver: () => boolean; tried: () => void },
): Promise<Omit<FailingState, 'case'> | null> {
  const inFull = name === null || FOUND_IN_FULL.includes(name)
  const requests = states.map((state) => seeing(state, inFull))
  const found = new Map<Seen, StateResult>()
  await rig.checkAll(recording, requests, (request, result) => {
    tried()
    const fails = result.failures.some((failure) => name === null || failure.name === name)
    if (fails) found.set(request, result)
    return found.size > 0 || isOver() ? 'this batch' : 'more'
  })
  for (const request of requests) {
    const first = found.get(request)
    if (first === undefined) continue
    const result = await rig.confirm(recording, request, first)
    const isAlike = name === null || result.failures[0]?.name === name
    if (result.failures.length > 0 && isAlike) {
      return { recording, state: request.state, result, files: request.files ?? new Map() }
    }
  }
  return null
}

const never = (): boolean => false
const uncounted = (): void => {}

/** A state of a recording as it is, looked at again from nothing; null where nothing is wrong with it. */
export async function seeAgain(
  rig: Rig,
  recording: Recording,
  state: CrashState,
): Promise<Omit<FailingState, 'case'> | null> {
  return await firstFailing(rig, recording, [state], {
    name: null,
    isOver: never,
    tried: uncounted,
  })
}

/** So many recordings are made of a state that is asked for by its loss. */
const RECORDINGS = 2

/** What came of a state that was made again. */
export interface MadeAgain {
  failing: FailingState | null
  /** How many states were tried. */
  tries: number
}

/**
 * Records a part of a history anew, and looks for a state by its loss in it: the one of that name, and, since no two
 * recordings are the same, then every other one until a failure is found. Throws as `Rig.record` and `Rig.checkAll`.
 */
export async function makeAgain(
  rig: Rig,
  { subject, seed, tearBytes }: SearchOptions,
  part: HistoryPart,
  loss: string,
  name: FailureName | null = null,
): Promise<MadeAgain> {
  let tries = 0
  for (let made = 1; made <= RECORDINGS; made++) {
    const recording = await rig.record(subject, rig.planOf(seed, part.round, part.range))
    const named = stateNamed(recording, loss)
    const states = [...smallStates(recording), ...statesOf(recording, seed, tearBytes).distinct]
    const failing = await firstFailing(
      rig,
      recording,
      named === undefined ? states : [named, ...states],
      {
        name,
        isOver: never,
        tried: () => {
          tries += 1
        },
      },
    )
    if (failing !== null) {
      const found = lossName(failing.state) ?? loss
      return { failing: { ...failing, case: `${partName(part)}.${found}` }, tries }
    }
  }
  return { failing: null, tries }
}

/** A state that is smaller, and what looking for it took. */
export interface ReducedState {
  failing: FailingState
  reduced: Reduction
}

const sentAt = ({ recording, state }: Pick<FailingState, 'recording' | 'state'>): number =>
  promisedAt(recording, state.epoch.endPosition).sent.length

const sizeOf = (failing: Pick<FailingState, 'recording' | 'state'>) => ({
  changes: sentAt(failing),
  lost: lostIn(failing.state).length,
})

/**
 * Looks for a smaller state that fails alike: first in recordings of shorter parts of the history, then in the recording
 * itself. One of another recording is told only if yet another one shows it again. Null where there is none. Throws as
 * `Rig.record` and `Rig.checkAll`.
 */
export async function reduceState(
  rig: Rig,
  options: SearchOptions,
  original: FailingState & { part: HistoryPart },
  forMs: number,
): Promise<ReducedState | null> {
  const { part } = original
  const name = original.result.failures[0]?.name
  if (name === undefined) return null
  const untilMs = performance.now() + forMs
  let tries = 0
  const search = {
    name,
    isOver: () => performance.now() >= untilMs,
    tried: () => {
      tries += 1
    },
  }
  const before = sizeOf(original)
  const found = (failing: FailingState): ReducedState => ({
    failing,
    reduced: { from: before, to: sizeOf(failing), tries },
  })
  const sent = Math.max(1, before.changes)
  // A program beside it makes many more states.
  const isDisturbed = (range: ChangeRange): boolean =>
    rig.planOf(options.seed, part.round, range).sessions.some(({ busy }) => busy)
  const size = ({ from, to }: ChangeRange): number => to - from
  const parts = smallerParts(sent + 1, sent).sort(
    (a, b) => size(a) - size(b) || Number(isDisturbed(a)) - Number(isDisturbed(b)),
  )
  const shorter = await smallestPart(
    parts,
    (range) => inShorter(rig, options, { round: part.round, range }, search),
    search.isOver,
  )
  if (shorter !== null) return found(shorter)
  const failing = await smallestIn(rig, original, search)
  return failing && found({ ...failing, case: `${partName(part)}.${failing.case}` })
}

/** The smallest state of a recording that fails alike, by the name of its loss; null where none is smaller. */
async function smallestIn(
  rig: Rig,
  { recording }: Pick<FailingState, 'recording'>,
  search: Parameters<typeof firstFailing>[3],
): Promise<FailingState | null> {
  const failing = await firstFailing(rig, recording, smallStates(recording), search)
  const loss = failing && lossName(failing.state)
  return failing === null || loss === null ? null : { ...failing, case: loss }
}

/** The same of a recording that is kept: only states of that are tried. Throws as `Rig.checkAll`. */
export async function reduceInRecording(
  rig: Rig,
  original: FailingState,
  forMs: number,
): Promise<ReducedState | null> {
  const name = original.result.failures[0]?.name
  if (name === undefined) return null
  const untilMs = performance.now() + forMs
  let tries = 0
  const failing = await smallestIn(rig, original, {
    name,
    isOver: () => performance.now() >= untilMs,
    tried: () => {
      tries += 1
    },
  })
  if (failing === null) return null
  const reduced = { from: sizeOf(original), to: sizeOf(failing), tries }
  return { failing: { ...failing, case: `${original.recording.round}.${failing.case}` }, reduced }
}

async function inShorter(
  rig: Rig,
  options: SearchOptions,
  part: HistoryPart,
  search: Parameters<typeof firstFailing>[3],
): Promise<FailingState | null> {
  const { subject, seed } = options
  try {
    const recording = await rig.record(subject, rig.planOf(seed, part.round, part.range))
    const failing = await firstFailing(rig, recording, smallStates(recording), search)
    const loss = failing && lossName(failing.state)
    if (failing === null || loss === null) return null
    const again = await makeAgain(rig, options, part, loss, search.name)
    return again.failing === null ? null : { ...failing, case: `${partName(part)}.${loss}` }
  } catch (error) {
    if (!(error instanceof CannotJudge)) throw error
    return null
  }
}
