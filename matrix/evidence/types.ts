import type { Failure } from '../../harness/oracle/failure.ts'
import type { Confirmation, Confirmations } from '../../harness/oracle/second-look.ts'
import type { SecondLook } from '../../harness/power-cut/confirm-state.ts'
import type { PairResult } from '../../subjects/wal/portability/pair.ts'

/** What a check came to. `skipped` says what was missing, `inconclusive` why it could not be made. */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'skipped'

/** How much a cell weighs at the gate. */
export type CellStatus = 'gated' | 'optional' | 'informational'

/** Where a kill strikes: at an operation, counted from 1 in its process, whose name is also given. */
export interface PointRecord {
  moment: 'before' | 'after' | 'within'
  number: number
  /** What the subject was doing and the operation's name, such as `append 3: wal-sync`. */
  name: string
  /** Of a `within`: how many bytes of the write were done. */
  writtenBytes?: number
}

/** Where any program was killed: at an operation on its directory. */
export interface OperationPointRecord {
  moment: 'before' | 'within' | 'after'
  /** Counted from 1 in its history. */
  number: number
  /** What the subject was asked meanwhile, such as `put 3`. */
  during: string
  /** What it did there, and to which file. */
  operation: string
  /** Of a `within`: how many bytes of the write were done. */
  writtenBytes?: number
}

/** One fault, in the order in which an iteration suffers them. */
export type FaultRecord =
  | { kind: 'kill'; process: 'writer' | 'recovery'; point: PointRecord }
  | { kind: 'phantom'; shape: 'frame' | 'partial' | 'zeros' | 'huge-length' | 'frames' }
  | { kind: 'bit-rot'; entry: number }
  | ({ kind: 'kill-at-operation' } & OperationPointRecord)
  /** Of a program whose operations are not seen: so long after the change behind so many acknowledgements was sent. */
  | { kind: 'kill-at-moment'; afterAcks: number; delayMicros: number }

/** One line of `iterations.ndjson`. */
export interface IterationRecord {
  schema: 'https://pullplug.dev/schemas/iteration/2.json'
  /** Counted from 1. */
  iteration: number
  /** What the entries are made from: the seed, the stream of it, and how many. */
  workload: { seed: number; stream: number; entries: number }
  faults: FaultRecord[]
  /** Whether every fault was delivered: the process ended by SIGKILL, having announced its point. */
  delivered: boolean
  acked: number
  /** How many entries recovery returned; null when it returned none because it refused. */
  recovered: number | null
  verdict: 'pass' | 'fail' | 'inconclusive'
  failures: Failure[]
  /** Why it is inconclusive, or null. */
  reason: string | null
  /** Of one in which a failure was found: whether a second look found it too, and what that took. */
  confirmation: Confirmation
  /** The command that runs this iteration again. */
  replay: string
}

/** How a control fared: a subject broken on purpose, which the run must catch. */
export interface ControlRecord {
  name: string
  /** What is broken about it, in a sentence. */
  defect: string
  /** `unseen`: no SIGKILL can show this defect; `why` says so. */
  expectation: 'caught' | 'unseen'
  caught: boolean
  /** The first failure that it was caught by, or null. */
  failure: Failure['name'] | null
  /** The faults of that iteration in words, or null. */
  by: string | null
  iterations: number
  why: string | null
}

/** What a run's power cuts were asked to be. */
export interface PowerCutSettings {
  /** How many states; null for as many as there is time for, or with `exhaustive`. */
  states: number | null
  /** Every state of one recording. */
  exhaustive: boolean
  /** Where a write can be torn. */
  tearBytes: 512 | 4096
  /** What ext4 does with data, or its fast commits; null for what it does by itself. */
  ext4: 'data=ordered' | 'data=writeback' | 'data=journal' | 'fast_commit' | null
}

/** A state in which something was wrong. */
export interface StateProblemRecord {
  /** Its round and its place in that, such as `1.42`. */
  state: string
  kind: 'prefix' | 'only-one' | 'all-but-one' | 'subset' | 'torn'
  /** The state in words. */
  what: string
  acked: number
  recovered: number | null
  failures: Failure[]
  /** The second looks that found the failures as well; none where it could not be judged. */
  confirmedBy: SecondLook[]
  /** Why it could not be judged, such as that its file system does not mount; or null. */
  notJudged: string | null
  /** The command that rebuilds this state and judges it again. */
  replay: string
}

/** How a control fared in the power-cut tier; `unseen` is one that this file system can't show. */
export type PowerCutControlRecord = Omit<ControlRecord, 'iterations'> & {
  states: number
  /** The second looks that found it as well; without one it is not caught. */
  confirmedBy: SecondLook[]
}

/** `power-cut.json`: what came of cutting the power. */
export interface PowerCutRecord {
  schema: 'https://pullplug.dev/schemas/power-cut/2.json'
  /** How many recordings were made, and how many entries were written while recording. */
  rounds: number
  entries: number
  states: {
    /** All that were drawn, those with an image of their own, and those of them that were tried. */
    drawn: number
    distinct: number
    tried: number
    /** How many different contents of the subject's directory were judged, summed over the recordings. */
    contents: number
    byKind: Record<StateProblemRecord['kind'], number>
    /** Those held against the oracle in full, with a second recovery and an append. */
    inFull: number
    /** Those in which a failure was found and confirmed. */
    failed: number
    /** Those in which one look found a failure and no other was taken: enough such had been confirmed. */
    unconfirmed: number
    /** Those that could not be judged: the file system did not mount, or the looks at it disagreed. */
    unjudged: number
  }
  confirmations: Confirmations
  /** Flushes that the recording device saw, and those that the kernel counted. */
  flushes: { recorded: number; counted: number }
  /** In how many states the unsynced marker could have been, and in how many it was gone. */
  marker: { states: number; vanished: number }
  /** States whose files were also read without the kernel, and those where they were the same. */
  injector: { compared: number; agreed: number }
  /** The first problems. */
  problems: StateProblemRecord[]
  controls: PowerCutControlRecord[]
  /**
   * The rounds whose recordings stand beside this file, how many of the first states of each were tried, and how
   * many different contents those showed.
   */
  recordings: { round: number; tried: number; contents: number }[]
}

interface StepBase {
  verdict: Verdict
  /** Why it is not a pass, or null. */
  reason: string | null
  durationMs: number
  /** Second looks at what a first one found wrong. */
  confirmations: Confirmations
}

/** What a cell did, in order. */
export type StepRecord =
  /** The tests that a subject's description names. */
  | (StepBase & { name: 'own-tests' })
  | (StepBase & {
      name: 'wal-tests'
      passed: number
      failed: number
      skipped: number
      /** How many cases each property was held against. */
      draws: number
    })
  | (StepBase & {
      name: 'kill'
      iterations: number
      delivered: number
      passed: number
      failed: number
      inconclusive: number
      controls: ControlRecord[]
    })
  | (StepBase & { name: 'known-good'; entries: number; verified: boolean })
  | (StepBase & { name: 'atomic-rename'; crashes: number; old: number; new: number })
  | (StepBase & { name: 'portability'; pairs: number; passed: number })
  | (StepBase & {
      name: 'power-cut'
      states: number
      /** How many different contents of the subject's directory were judged. */
      contents: number
      /** Those that were judged, and in which nothing was wrong. */
      passed: number
      failed: number
    })
  | (StepBase & {
      name: 'io-error'
      cases: number
      delivered: number
      passed: number
      failed: number
      inconclusive: number
    })

/** The machine that ran the harness. */
export interface HostRecord {
  platform: string
  arch: string
  kernel: string
  node: string
  cpus: number
}

/** The Node that ran the subject; under emulation it is not the one that ran the harness. */
export interface RuntimeRecord {
  arch: string
  endianness: 'LE' | 'BE'
  node: string
  /** The version of the emulator, or null on a native machine. */
  qemu: string | null
}

/** One of the shards that a merged run was made from. */
export interface ShardRecord {
  index: number
  startedAt: string
  finishedAt: string
  host: HostRecord
  /** The SHA-256 of its SHA256SUMS. */
  sums: string
}

/** `portability.json`: what must be the same on every architecture and file system. */
export interface PortabilityRecord {
  schema: 'https://pullplug.dev/schemas/portability/1.json'
  arch: string
  endianness: 'LE' | 'BE'
  /** SHA-256, made on the cell's architecture. */
  digests: { plans: string; operations: string; wal: string; safeSeq: string }
  pairs: PairResult[]
  /** Logs broken on purpose, which the pairs must catch. */
  controls: ControlRecord[]
}

/** `run.json`: who, what, where, and what came of it. */
export interface RunRecord {
  schema: 'https://pullplug.dev/schemas/run/5.json'
  tool: { name: 'pullplug'; version: string }
  cell: { arch: string; fileSystem: string; status: CellStatus }
  /** Counted from 1; the N of `run-N`. */
  run: number
  /** The subject's name; where nothing describes it, `wal` is our log, and anything else a control of it. */
  subject: string
  /** Where its description stood, as typed; null of our log and its controls. The description is `subject.json`. */
  subjectPath: string | null
  /** The commit that ran, 40 hex digits, or null outside of a git checkout. */
  commit: string | null
  /** Whether the tree had uncommitted changes; null outside of a git checkout. */
  dirty: boolean | null
  startedAt: string
  finishedAt: string
  seed: number
  /** How many iterations were asked for; null with `everyPoint`. */
  iterations: number | null
  everyPoint: boolean
  powerCut: PowerCutSettings
  /** How many cases of errors were asked for; null for as many as there is time for. */
  errorCases: number | null
  host: HostRecord
  runtime: RuntimeRecord
  emulation: 'none' | 'qemu-user'
  /** Where the cell's files were: a volume of its own, or the working directory's file system. */
  mount: {
    fsType: string
    options: string
    statfsType: string
    volume: 'loop' | 'working-directory'
    imageBytes: number | null
  }
  /** Which share of the iterations this is; null when it is all of them. */
  shard: { index: number; of: number } | null
  /** The shards that a merged run was made from, in order; empty when it ran as one. */
  shards: ShardRecord[]
  steps: StepRecord[]
  verdict: Verdict
  /** `verdict` is `pass`. */
  pass: boolean
}
