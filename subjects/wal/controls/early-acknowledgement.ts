import type { Control } from '../../../harness/controls/control.ts'
import type { Payload } from '../../../harness/disk-subject/subject.ts'
import { walSubject } from '../subject.ts'

export const ACKNOWLEDGED_EARLY: Control = {
  subject: {
    name: 'acknowledged-early',
    open(directory, tools) {
      const wal = walSubject.open(directory, tools)
      const owed: Payload[] = []
      let seq = BigInt(Array.from(wal.read()).length)
      const settleDebts = (): void => {
        for (const fields of owed.splice(0)) wal.append(fields)
      }
      return {
        append(fields) {
          settleDebts()
          owed.push(fields)
          return ++seq
        },
        read() {
          settleDebts()
          return wal.read()
        },
        close() {
          settleDebts()
          wal.close()
        },
      }
    },
  },
  defect: 'an entry is acknowledged first and written with the next call',
}
