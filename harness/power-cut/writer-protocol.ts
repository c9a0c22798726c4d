import type { Payload } from '../disk-subject/subject.ts'
import type { ErrorReport } from '../process/error-report.ts'

/** One thing that a writer is told to do, as a line of JSON. Each is answered before the next is sent. */
export type WriterOrder =
  | { open: { subject: string; directory: string } }
  | { append: Payload }
  | { close: true }

/** What it answers: that it is done, or why it was refused. */
export type WriterAnswer = { done: true } | { refused: ErrorReport }
