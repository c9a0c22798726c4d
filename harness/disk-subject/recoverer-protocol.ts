import type { LogRecord } from '../../wal/log-record.ts'
import type { ErrorReport } from '../process/error-report.ts'
import type { Operation } from './operations.ts'
import type { Payload } from './subject.ts'

/** One request to a recoverer, as a line of JSON: open, append what is given, read, close. */
export interface RecoveryRequest {
  id: number
  subject: string
  directory: string
  append?: Payload[]
  /** Whether to tell of the operations of opening. */
  trace?: boolean
  /** Whether syncs do nothing, because the directory is thrown away before anything can be lost. */
  skipSyncs?: boolean
}

/** An entry as it crosses a process border: the payload as JSON, so that it can be compared to the byte. */
export interface RecoveredEntry {
  seq: string
  json: string
}

/** One line of a recoverer: that it begins to open the subject, and later its answer. */
export type RecovererLine = { id: number; begun: true } | RecoveryReply

/** What a recoverer answers. */
export interface RecoveryReply {
  id: number
  /** What the subject returned, or why it refused. */
  outcome: { entries: RecoveredEntry[] } | { refused: ErrorReport }
  /** The seqs of what was appended, up to the end or the refusal. */
  appendedSeqs: string[]
  /** The subject's own records. */
  records: LogRecord[]
  /** The operations of opening, when they were to be traced. */
  operations: Operation[]
}
