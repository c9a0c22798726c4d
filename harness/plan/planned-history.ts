import type { Change } from '../subject/change.ts'

/** A history as it is planned, whatever happens to its subject. */
export interface PlannedHistory {
  /** Counted from 1. */
  round: number
  /** Whether the subject is opened and closed before the operations are counted. */
  madeLongAgo: boolean
  /** Whether it is read before each closing; not unless given. */
  reads?: boolean
  /** The changes of each opening, at whose end it is closed. */
  sessions: Change[][]
}
