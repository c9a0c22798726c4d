import { writeSync } from 'node:fs'
import type { Disk } from '../../wal/disk.ts'
import { nodeDisk } from '../../wal/node-disk.ts'
import { ANSWERS_FD } from '../process/answers.ts'
import { orders } from '../process/orders.ts'
import { loadSubject } from '../subjects/load.ts'
import type { Operation } from './operations.ts'
import { pointDisk } from './point-disk.ts'
import type { RecoveryReply, RecoveryRequest } from './recoverer-protocol.ts'
import { reportError } from './victim-protocol.ts'

const UNSYNCED_DISK: Disk = { ...nodeDisk, sync: () => {}, syncDirectory: () => {} }

/** Opens the subject in a directory that a fault has struck, and says what it returns. */
async function recover(request: RecoveryRequest): Promise<RecoveryReply> {
  const { id, subject: name, directory, append = [], trace = false, skipSyncs = false } = request
  const reply: Omit<RecoveryReply, 'outcome'> = {
    id,
    appendedSeqs: [],
    records: [],
    operations: [],
  }
  let during = 'open'
  const onOperation = (operation: Operation): void => {
    if (during === 'open') reply.operations.push(operation)
  }
  const inner = skipSyncs ? UNSYNCED_DISK : nodeDisk
  const disk = trace ? pointDisk(inner, { during: () => during, onOperation }) : inner
  const subject = await loadSubject(name)
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

/** A process that is kept, and recovers one directory after another until its input ends. */
for (const line of orders()) {
  const reply = await recover(JSON.parse(line) as RecoveryRequest)
  writeSync(ANSWERS_FD, `${JSON.stringify(reply)}\n`)
}
