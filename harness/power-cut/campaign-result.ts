import type { Recording } from '../crash-states/recording.ts'
import {
  type CrashState,
  STATE_KINDS,
  type StateId,
  type StateKind,
} from '../crash-states/state.ts'
import type { Failure, FailureName } from '../oracle/failure.ts'
import { type Confirmations, NO_CONFIRMATIONS } from '../oracle/second-look.ts'
import type { SecondLook } from './confirm-state.ts'

/** A state that failed, or could not be judged. */
export interface StateProblem {
  /** Which one it is. */
  id: StateId
  kind: StateKind
  state: CrashState
  /** The state in words. */
  what: string
  acked: number
  recovered: number | null
  failures: Failure[]
  /** The second looks that found the failures as well. */
  confirmedBy: SecondLook[]
  notJudged: string | null
}

/** What a state that was tried showed: a content of the subject's directory, by its digest, and what came of it. */
export interface SeenState {
  /** Null where none was read. */
  content: string | null
  /** `failed` by one look at least; what a second one did not confirm is `not judged`. */
  came: 'passed' | 'failed' | 'not judged'
}

/** A recording that is kept, and what was tried of it. */
export interface KeptRecording {
  recording: Recording
  /** The first so many of its states. */
  tried: number
  /** How many different contents of the subject's directory they showed. */
  contents: number
  /** What each of them showed, in their order. */
  seen: SeenState[]
}

/** What came of cutting the power. */
export interface Campaign {
  rounds: number
  /** The entries that were written while recording. */
  entries: number
  /** States drawn, those with an image of their own, and those of them that were tried. */
  drawn: number
  distinct: number
  tried: number
  byKind: Record<StateKind, number>
  /** How many different contents of the subject's directory were judged. */
  contents: number
  /** Those that were held against the oracle in full. */
  inFull: number
  /** Those in which a failure was found and confirmed. */
  failed: number
  /** The same by the name of the first failure. */
  failedAs: Partial<Record<FailureName, number>>
  /**
   * Those in which one look found a failure, and no other was taken: enough states with failures of these
   * names had been confirmed.
   */
  unconfirmed: number
  /** Those that could not be judged: the file system did not mount, or the looks at it disagreed. */
  unjudged: number
  /** The second looks that were taken at states in which the first one found a failure. */
  confirmations: Confirmations
  /** The first problems. */
  problems: StateProblem[]
  flushes: { recorded: number; counted: number }
  /** In how many states the unsynced marker could have been, and in how many it was gone. */
  marker: { states: number; vanished: number }
  /** Sampled states whose files were also read without the kernel, and those where they were the same. */
  injector: { compared: number; agreed: number }
  /** The first recordings, and the first later ones with a problem: those that can be kept as files. */
  recordings: KeptRecording[]
}

/** A campaign that has tried nothing yet. */
export function noCampaign(): Campaign {
  return {
    rounds: 0,
    entries: 0,
    drawn: 0,
    distinct: 0,
    tried: 0,
    byKind: Object.fromEntries(STATE_KINDS.map((kind) => [kind, 0])) as Record<StateKind, number>,
    contents: 0,
    inFull: 0,
    failed: 0,
    failedAs: {},
    unconfirmed: 0,
    unjudged: 0,
    confirmations: NO_CONFIRMATIONS,
    problems: [],
    flushes: { recorded: 0, counted: 0 },
    marker: { states: 0, vanished: 0 },
    injector: { compared: 0, agreed: 0 },
    recordings: [],
  }
}
