import type { Disk } from '../../wal/disk.ts'
import { reportError } from '../process/error-report.ts'
import type { Operation, RoleOf } from './operations.ts'
import { pointDisk } from './point-disk.ts'
import type { Subject } from './subject.ts'
import type { VictimJob, VictimLine } from './victim-protocol.ts'

/** Where a victim plays, and how it tells and dies. */
export interface Stage {
  /** The disk below the one that counts. */
  disk: Disk
  roleOf: RoleOf
  tell: (line: VictimLine) => void
  /** Ends it, once its point has been told. */
  die: () => never
}

/** All that a victim does: it opens the subject, appends, tells of each acknowledgement, and dies at its point. */
export function playVictim(
  subject: Subject,
  { directory, entries, point, trace }: Omit<VictimJob, 'subject'>,
  { disk: inner, roleOf, tell, die }: Stage,
): void {
  const dieAt = (operation: Operation, writtenBytes?: number): never => {
    tell({ point: operation, ...(writtenBytes === undefined ? {} : { writtenBytes }) })
    return die()
  }
  let during = 'open'
  const disk = pointDisk(inner, {
    during: () => during,
    roleOf,
    ...(point === undefined ? {} : { death: { point, die: dieAt } }),
    ...(trace ? { onOperation: (operation: Operation) => tell({ operation }) } : {}),
  })
  try {
    const open = subject.open(directory, { disk, log: () => {} })
    entries.forEach((fields, index) => {
      during = `append ${index + 1}`
      tell({ acked: { seq: String(open.append(fields)) } })
    })
    during = 'close'
    open.close()
  } catch (error) {
    tell({ refused: reportError(error) })
    return
  }
  tell({ done: true })
}
