import type { Description } from '../../harness/subject/description.ts'
import type { VerifyReport } from '../../subjects/wal/verify/report.ts'
import type { IoErrorRecord } from './io-error-types.ts'
import type { PowerCutStatesRecord } from './power-cut-states.ts'
import type { IterationLogRecord } from './recorded.ts'
import type { IterationRecord, PortabilityRecord, PowerCutRecord, RunRecord } from './types.ts'

/** The files of a run, as they were read. */
export interface ReadFiles {
  run: RunRecord
  /** What `cmd.txt` holds, without its end of line. */
  command: string
  /** What describes the subject; null of our log and its controls. */
  description: Description | null
  iterations: IterationRecord[]
  /** The log's own records. */
  logRecords: IterationLogRecord[]
  verifyReport: VerifyReport | null
  portability: PortabilityRecord | null
  powerCut: PowerCutRecord | null
  /** What each state showed; null where that was not kept. */
  powerCutStates: PowerCutStatesRecord | null
  ioError: IoErrorRecord | null
  /** The recordings that stand there, by their rounds. */
  recordings: ReadonlyMap<number, Uint8Array>
}
