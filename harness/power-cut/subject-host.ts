import type { Recording } from '../crash-states/recording.ts'
import type { CrashState } from '../crash-states/state.ts'
import type { SubjectHome } from '../disk-subject/home.ts'
import type { Payload } from '../disk-subject/subject.ts'
import type { ChangeRange } from '../plan/part-of-history.ts'
import type { MountNamespace } from '../process/namespace.ts'
import type { Runtime } from '../process/runtime.ts'
import type { StateResult } from './check-state.ts'
import type { RecordedPlan } from './record.ts'

/** What the processes of a subject are started with. */
export interface HostOptions {
  /** How long one answer may take. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** What runs the subject; this Node unless given. */
  runtime?: Runtime | undefined
  /** Where the subject's directory is mounted; where this process is unless given. */
  namespace?: MountNamespace | undefined
}

/** A process that runs a subject in lockstep with this one, while it is recorded. */
export interface RecordedWriter {
  readonly namespace: MountNamespace | undefined
  /** Whether it has been stopped, or has ended by itself. */
  readonly hasEnded: boolean
  /**
   * Each of these takes a step and waits for the answer: null when it is done, or why it was refused, in words.
   * Throws `CannotJudge` when there is no answer, a `MachineError`, and what the signal was aborted with.
   */
  /** The directory is named from outside of the namespace. */
  open(subject: string, directory: string): Promise<string | null>
  make(change: Payload): Promise<string | null>
  close(): Promise<string | null>
  /** Leaves behind the subject's back what a killed process could have left, where anyone knows how. */
  leavePhantom?: SubjectHome['leavePhantom']
  /** Ends it, and all that it started; returns when they are gone. */
  stop(): Promise<void>
}

/** One state of a recording, as it is to be judged. */
export interface JudgeRequest {
  recording: Recording
  state: CrashState
  /** Whether to recover a second time, make a change and reopen: the oracle in full. */
  inFull: boolean
}

/** Judges states with processes of its own, which are kept as long as the subject allows it. */
export interface StateJudge {
  /**
   * Judges a state whose files are below `root`: the subject recovers there in another process, and is held
   * against what it had promised. Throws a `MachineError`, a system error, and what the signal was aborted with.
   */
  judge(root: string, request: JudgeRequest): Promise<StateResult>
  /** Ends its processes; the next state is judged by new ones. */
  stop(): Promise<void>
}

/** How power cuts reach a subject: processes that write, and processes that judge. */
export interface SubjectHost {
  /** Whether evidence keeps its recordings. */
  keepsRecordings: boolean
  /** Whether the process that was recorded lives on while states are judged; it may hold a lock by its number. */
  keepsWriter: boolean
  /**
   * What the `round`-th recording of a seed holds (counted from 1), or what one of some of its changes alone does: a
   * pure function. A host whose histories are no changes on end leaves them whole.
   */
  planOf(seed: number, round: number, range?: ChangeRange | null): RecordedPlan
  /** Prepares a new directory, before anything is recorded; undefined where nothing is to be prepared. */
  setUp?: ((directory: string, namespace: MountNamespace) => Promise<void>) | undefined
  startWriter(options: HostOptions): Promise<RecordedWriter>
  judgeWith(options: HostOptions): StateJudge
}
