import type { LogRecord } from '../../wal/log-record.ts'
import type { ErrorReport } from '../process/error-report.ts'
import type { Operation } from './operations.ts'
import type { Payload } from './subject.ts'

/** How a subject is opened by a process that is not the one that was killed. */
export interface OpenStep {
  do: 'open'
  directory: string
  /** Whether to tell of the operations of opening. */
  trace?: boolean
  /** Whether syncs do nothing, because the directory is thrown away before anything can be lost. */
  skipSyncs?: boolean
}

/** One thing that a kept process does with a subject. */
export type Step =
  /** Loads the subject's code: what happens from then on can be the subject's doing. */
  | { do: 'load'; subject: string }
  | OpenStep
  | { do: 'append'; fields: Payload }
  | { do: 'read' }
  | { do: 'close' }

/** A step as a line of JSON; each is answered by a line, in order. */
export type StepRequest = { id: number } & Step

/** What a subject answers to an append that it promises to keep, wherever it runs: its seq, in decimal. */
export interface Acknowledgement {
  seq: string
}

/** An entry as it crosses a process border: the payload as JSON, so that it can be compared to the byte. */
export interface RecoveredEntry {
  seq: string
  json: string
}

/** What came of a step: what it gave, or why the subject refused it. */
export type StepReply = {
  /** The subject's own records, where it made some. */
  records?: LogRecord[]
  /** The operations of opening, where they were to be traced. */
  operations?: Operation[]
} & (
  | { ok: true; acked?: Acknowledgement; entries?: RecoveredEntry[] }
  | { ok: false; refused: ErrorReport }
)

/** A reply as a line of JSON. */
export type StepAnswer = { id: number } & StepReply
