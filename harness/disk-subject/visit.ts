import type { LogRecord } from '../../wal/log-record.ts'
import type { ErrorReport } from '../process/error-report.ts'
import { DiskSpeaker, type Ground } from './disk-speaker.ts'
import type { Operation } from './operations.ts'
import type { Acknowledgement, OpenStep, RecoveredEntry, Step, StepReply } from './steps.ts'
import type { Payload, Subject } from './subject.ts'

/** One opening of a subject in a directory: what is appended there before all is read, and how it is opened. */
export interface Visit extends Omit<OpenStep, 'do'> {
  append?: readonly Payload[]
}

/** What a visit gave. */
export interface Visited {
  /** What the subject returned, or why it refused. */
  outcome: { entries: RecoveredEntry[] } | { refused: ErrorReport }
  /** What it acknowledged, up to the end or the refusal. */
  acked: Acknowledgement[]
  /** The subject's own records. */
  records: LogRecord[]
  /** The operations of opening, when they were to be traced. */
  operations: Operation[]
}

/** The steps of a visit: open, append what is given, read, close. */
export function stepsOf({ append = [], ...open }: Visit): Exclude<Step, { do: 'load' }>[] {
  return [
    { do: 'open', ...open },
    ...append.map((fields) => ({ do: 'append', fields }) as const),
    { do: 'read' },
    { do: 'close' },
  ]
}

/** What the replies to the steps of a visit say together: the first refusal is the visit's. */
export function visitedBy(replies: readonly StepReply[]): Visited {
  const refusal = replies.find((reply) => !reply.ok)
  const done = replies.filter((reply) => reply.ok)
  return {
    outcome: refusal?.ok === false ? { refused: refusal.refused } : { entries: entriesIn(done) },
    acked: done.flatMap(({ acked }) => acked ?? []),
    records: replies.flatMap(({ records = [] }) => records),
    operations: replies.flatMap(({ operations = [] }) => operations),
  }
}

function entriesIn(done: readonly (StepReply & { ok: true })[]): RecoveredEntry[] {
  return done.flatMap(({ entries = [] }) => entries)
}

/** Makes a visit in this process. */
export function visitHere(subject: Subject, ground: Ground, visit: Visit): Visited {
  const speaker = new DiskSpeaker(ground)
  speaker.load(subject)
  return visitedBy(stepsOf(visit).map((step) => speaker.take(step)))
}
