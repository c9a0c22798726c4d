import type { Failure } from '../../harness/oracle/failure.ts'
import type { Confirmations } from '../../harness/oracle/second-look.ts'
import type { ControlRecord } from './types.ts'

/** What was made of one error at one kind of operation. */
export interface ErrorCasesRecord {
  operation: string
  error: string
  cases: number
  /** Those in which an operation met the error. */
  delivered: number
  passed: number
  failed: number
  inconclusive: number
}

/** A case in which something was wrong, or which could not be judged. */
export interface ErrorProblemRecord {
  /** Such as `1.12-EIO-reopens`. */
  case: string
  operation: string
  error: string
  /** The error in words. */
  what: string
  sent: number
  acked: number
  recovered: number | null
  /** As a second look found them, too. */
  failures: Failure[]
  /** Why it could not be judged, or null. */
  notJudged: string | null
  /** The command that makes it again. */
  replay: string
}

/** How a control fared that meets errors. */
export type IoErrorControlRecord = Omit<ControlRecord, 'iterations'> & { cases: number }

/** `io-error.json`: what came of a disk that says no. */
export interface IoErrorRecord {
  schema: 'https://pullplug.dev/schemas/io-error/1.json'
  /** How many histories were begun, and how many cases they have. */
  rounds: number
  planned: number
  /** Those that were made, by the kind of operation and the error. */
  cases: ErrorCasesRecord[]
  confirmations: Confirmations
  /** The first problems, those that failed before the others. */
  problems: ErrorProblemRecord[]
  controls: IoErrorControlRecord[]
}
