import type { Crew } from '../../harness/disk-subject/crew.ts'
import type { Runtime } from '../../harness/process/runtime.ts'
import type { DescribedSubject } from '../../harness/subject/description.ts'
import type { VerifyReport } from '../../subjects/wal/verify/report.ts'
import type { LogRecord } from '../../wal/log-record.ts'
import type { IoErrorRecord } from '../evidence/io-error-types.ts'
import type { PowerCutStatesRecord } from '../evidence/power-cut-states.ts'
import type { ReadFiles } from '../evidence/read-files.ts'
import type {
  CellStatus,
  IterationRecord,
  PortabilityRecord,
  PowerCutRecord,
  PowerCutSettings,
  RunRecord,
  StepRecord,
} from '../evidence/types.ts'
import type { Progress } from '../progress.ts'

/** A subject that a file describes, and where that stood, as typed. */
export interface Described {
  subject: DescribedSubject
  path: string
}

/** What a step runs with, and where it leaves what is to be kept as evidence. */
export interface StepContext {
  /** A directory on the cell's file system. */
  root: string
  /** The cell and run, such as `amd64/ext4 run-1`, for progress. */
  title: string
  /** Where the evidence will stand, as people are to type it. */
  evidencePath: string
  /** The subject's name. */
  subject: string
  /** What describes it, and where that stood; null of our log and its controls. */
  described: Described | null
  seed: number
  iterations: number
  everyPoint: boolean
  fileSystem: string
  powerCut: PowerCutSettings
  /** How many cases of errors; null for as many as there is time for. */
  errorCases: number | null
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
    /** What each state of the kept recordings showed. */
    powerCutStates: PowerCutStatesRecord | null
    ioError: IoErrorRecord | null
    /** The recordings of power cuts, by their rounds. */
    recordings: Map<number, Uint8Array>
  }
}

/** A step without what is the same for all. */
export type StepOutcome = OutcomeOf<StepRecord>

type OutcomeOf<S extends StepRecord> = S extends StepRecord ? Omit<S, 'durationMs'> : never

/** What of a run's shards is put together before their steps are. */
export interface MergedParts {
  /** The iterations of all. */
  iterations: IterationRecord[]
  /** The `portability.json` of each shard; null where there is none. */
  portability: readonly (PortabilityRecord | null)[]
  /** The `power-cut.json` of all; null where there is none. */
  powerCut: PowerCutRecord | null
  /** The `io-error.json` of all; null where there is none. */
  ioError: IoErrorRecord | null
}

/**
 * One of the things that a cell does: how it runs, what its parts come to, how that is checked against its
 * evidence, merged, shown and replayed.
 */
export interface StepRow<S extends StepRecord = StepRecord> {
  name: S['name']
  /** What a run that skipped it has not shown; null where it is never skipped. */
  openWithout: string | null
  /** The cells in which the gate asks for it, unless it is asked for wherever a cell counts. */
  askedIn?: readonly CellStatus[]
  /** What is recorded when it could not be made. */
  unmade: OutcomeOf<S>
  /** Gives a verdict, or throws what the machine could not do. It loads what it runs with. */
  run(context: StepContext): Promise<OutcomeOf<S>>
  /** What of it does not follow from what lies beside it, in a sentence; null when all of it does. */
  problem(step: S, files: ReadFiles): string | null
  /** The step of a run from those of all its shards, in order; `durationMs` is the sum. */
  merge(steps: readonly S[], parts: MergedParts): S
  /** Its counts, for people. */
  figures(step: S): string
  /** The lines that run again what did not pass in it, where a part of it can be run alone; none elsewhere. */
  replays(
    files: Pick<ReadFiles, 'run' | 'iterations' | 'powerCut' | 'ioError'>,
    path: string,
  ): string[]
}

/** Of a step that has no part which can be run again alone. */
export const noReplays = (): string[] => []

/** What describes the subject of a step that only such subjects have. Throws an `Error` without it. */
export function describedOf({ described }: StepContext): Described {
  if (described === null) throw new Error('this step is of subjects that are described')
  return described
}
