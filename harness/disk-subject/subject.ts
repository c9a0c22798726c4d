import type { Disk } from '../../wal/disk.ts'
import type { LogSink } from '../../wal/log-record.ts'

/** A payload: any JSON object. */
export type Payload = Record<string, unknown>

/** One entry that a subject returned. */
export interface SubjectEntry {
  seq: bigint
  fields: Payload
}

/** A subject that is open in a directory. Each method throws the subject's own errors. */
export interface OpenSubject {
  /** Returns the entry's seq; from then on the entry must survive any fault. */
  append(fields: Payload): bigint
  /** Everything that the subject holds to be committed, in order. */
  read(): Iterable<SubjectEntry>
  close(): void
}

/** What the harness hands to a subject: where its files go, and where its own records go. */
export interface SubjectTools {
  disk: Disk
  log: LogSink
}

/** The program under test, seen only through its contract. */
export interface Subject {
  readonly name: string
  /** Opens it in `directory`, which exists, and recovers what is there. */
  open(directory: string, tools: SubjectTools): OpenSubject
}
