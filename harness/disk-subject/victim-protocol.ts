import type { ErrorReport } from '../process/error-report.ts'
import type { Operation } from './operations.ts'
import type { Point } from './point.ts'
import type { Acknowledgement } from './steps.ts'
import type { Payload } from './subject.ts'

/** What a victim is told to do, as one line of JSON on its standard input. */
export interface VictimJob {
  subject: string
  directory: string
  entries: Payload[]
  /** Where it is to die; without one it runs to its end. */
  point?: Point
  /** Whether to tell of every operation. */
  trace: boolean
}

/** One line of JSON that a victim answers, in the order in which things happen. */
export type VictimLine =
  | { acked: Acknowledgement }
  | { operation: Operation }
  | { point: Operation; writtenBytes?: number }
  | { refused: ErrorReport }
  | { done: true }
