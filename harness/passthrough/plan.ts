import type { FaultOrder } from './faults/index.ts'

/** What is to happen while a directory is observed. */
export interface PassthroughPlan {
  /** Whether it is seen how large a file was before it was written to. */
  sizes?: boolean
  /** Whether opens and reads are numbered, too. */
  reads?: boolean
  /**
   * Whether syncs are made on the backing folder: a killed process loses nothing there without, and a sync of a
   * disk costs more than all else.
   */
  syncsBacking?: boolean
  fault?: FaultOrder
}
