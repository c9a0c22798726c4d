import type { Crew } from '../../harness/disk-subject/crew.ts'
import type { Runtime } from '../../harness/process/runtime.ts'
import type { VerifyReport } from '../../subjects/wal/verify/report.ts'
import type { LogRecord } from '../../wal/log-record.ts'
import type {
  IterationRecord,
  PortabilityRecord,
  PowerCutRecord,
  PowerCutSettings,
  RunRecord,
  StepRecord,
} from '../evidence/types.ts'
import type { Progress } from '../progress.ts'

/** What a step runs with, and where it leaves what is to be kept as evidence. */
export interface StepContext {
  /** A directory on the cell's file system. */
  root: string
  /** The cell and run, such as `amd64/ext4 run-1`, for progress. */
  title: string
  /** Where the evidence will stand, as people are to type it. */
  evidencePath: string
  subject: string
  seed: number
  iterations: number
  everyPoint: boolean
  fileSystem: string
  powerCut: PowerCutSettings
  /** Which share of the iterations is run; null for all of them. */
  shard: RunRecord['shard']
  /** What runs the subject, on the cell's architecture. */
  runtime: Runtime
  /** Those of the other architectures that are at hand. */
  peers: readonly Runtime[]
  /** The kept processes of the cell. */
  crew: Crew
  signal: AbortSignal
  progress: Progress
  kept: {
    iterations: IterationRecord[]
    logRecords: (LogRecord & { iteration?: number })[]
    verifyReport: VerifyReport | null
    portability: PortabilityRecord | null
    powerCut: PowerCutRecord | null
    /** The recordings of power cuts, by their rounds. */
    recordings: Map<number, Uint8Array>
  }
}

/** A step without what is the same for all. */
export type StepOutcome = StepRecord extends infer S
  ? S extends StepRecord
    ? Omit<S, 'durationMs'>
    : never
  : never

/** One of the things that a cell does; it gives a verdict or throws what the machine could not do. */
export interface Step {
  name: StepRecord['name']
  run(context: StepContext): Promise<StepOutcome>
  /** What is recorded when the step could not be made. */
  unmade: StepOutcome
}
