import type { Subject } from '../../harness/disk-subject/subject.ts'
import { Wal } from '../../wal/wal.ts'

/** Our own log. */
export const walSubject: Subject = {
  name: 'wal',
  open(directory, { disk, log }) {
    const wal = Wal.open(directory, { disk, log, environment: {} })
    return {
      append: (fields) => wal.append(fields),
      read: () => wal.readFrom(0n),
      close: () => wal.close(),
    }
  },
}
