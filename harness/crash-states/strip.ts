import { REQUEST } from './device-request.ts'
import type { Recording } from './recording.ts'
import type { CrashState, StateKind } from './state.ts'

/** A state of a recording that was tried. */
export interface StripState {
  /** Its place in the order in which they are tried, counted from 1. */
  number: number
  /** How many requests the disk had got when the power was cut. */
  at: number
  kind: StateKind
  /** Null where it is only known how many did not pass, and not which they were. */
  verdict: 'pass' | 'fail' | 'inconclusive' | null
  /** Which of the different contents of the subject's directory it showed, counted from 1; null where that is not known. */
  outcome: number | null
}

/** What a strip is drawn of: a recording, and what was tried of it. Positions are numbers of requests. */
export interface Strip {
  round: number
  /** The first position at which the power could be cut, and how many requests there were. */
  from: number
  to: number
  writes: { at: number; sizeBytes: number }[]
  flushes: number[]
  acknowledged: number[]
  states: StripState[]
  /** How many states were tried; more than `states` has where they are too many to be drawn. */
  tried: number
  /** How many different contents of the subject's directory they showed. */
  contents: number
}

/** What came of a state that was tried, by its number counted from 1; null of one that was not. */
export type Came = (number: number) => Pick<StripState, 'verdict' | 'outcome'> | null

/** So much of a recording is drawn. */
export const MAX_DRAWN_STATES = 1500
const MAX_DRAWN_REQUESTS = 4000

/** Of too many, those that did not pass are drawn before the others. */
function drawn(states: readonly StripState[]): StripState[] {
  const isBad = ({ verdict }: StripState): boolean =>
    verdict === 'fail' || verdict === 'inconclusive'
  const first = [...states.filter(isBad), ...states.filter((state) => !isBad(state))]
  return first.slice(0, MAX_DRAWN_STATES).sort((a, b) => a.number - b.number)
}

/** The strip of a recording, of whose states, in the order in which they are tried, `came` tells. */
export function stripOf(
  { round, requests, startPosition, promises }: Recording,
  states: readonly CrashState[],
  { tried, contents, came }: { tried: number; contents: number; came: Came },
): Strip {
  const shown = [...requests.entries()].slice(startPosition, startPosition + MAX_DRAWN_REQUESTS)
  const ofKind = (isFlush: boolean) =>
    shown.filter(([, { kind }]) => (kind === REQUEST.flush) === isFlush)
  return {
    round,
    from: startPosition,
    to: requests.length,
    writes: ofKind(false).map(([at, { sizeBytes }]) => ({ at, sizeBytes })),
    flushes: ofKind(true).map(([at]) => at),
    acknowledged: promises.ackedAt.filter((at) => at >= startPosition),
    states: drawn(
      states.flatMap(({ kind, epoch }, index) => {
        const what = came(index + 1)
        return what === null ? [] : [{ number: index + 1, at: epoch.endPosition, kind, ...what }]
      }),
    ),
    tried,
    contents,
  }
}
