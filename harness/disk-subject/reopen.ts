import type { Disk } from '../../wal/disk.ts'
import { reportError } from '../process/error-report.ts'
import type { Operation, RoleOf } from './operations.ts'
import { pointDisk } from './point-disk.ts'
import type { RecoveryReply, RecoveryRequest } from './recoverer-protocol.ts'
import type { Subject } from './subject.ts'

/** Opens the subject in a directory that a fault has struck, appends what is given, and says what it returns. */
export function reopen(
  subject: Subject,
  { disk: inner, roleOf }: { disk: Disk; roleOf: RoleOf },
  { directory, append = [], trace = false }: Omit<RecoveryRequest, 'id' | 'subject' | 'skipSyncs'>,
): Omit<RecoveryReply, 'id'> {
  const reply: Omit<RecoveryReply, 'id' | 'outcome'> = {
    appendedSeqs: [],
    records: [],
    operations: [],
  }
  let during = 'open'
  const onOperation = (operation: Operation): void => {
    if (during === 'open') reply.operations.push(operation)
  }
  const disk = trace ? pointDisk(inner, { during: () => during, onOperation, roleOf }) : inner
  try {
    const open = subject.open(directory, {
      disk,
      log: (record) => reply.records.push(record),
    })
    during = 'read'
    try {
      for (const fields of append) reply.appendedSeqs.push(String(open.append(fields)))
      const entries = Array.from(open.read(), ({ seq, fields }) => ({
        seq: String(seq),
        json: JSON.stringify(fields),
      }))
      return { ...reply, outcome: { entries } }
    } finally {
      open.close()
    }
  } catch (error) {
    return { ...reply, outcome: { refused: reportError(error) } }
  }
}
