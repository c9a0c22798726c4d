import { endianness } from 'node:os'
import { basename } from 'node:path'
import type { Control } from '../../../harness/controls/control.ts'
import { aroundDisk } from '../../../wal/around-disk.ts'
import type { Disk } from '../../../wal/disk.ts'
import { SAFE_SEQ_FILE, SAFE_SEQ_TMP_FILE } from '../../../wal/layout.ts'
import { walSubject } from '../subject.ts'

/** Turns safe_seq around as it goes to the disk and as it comes back. */
function turningSafeSeq(disk: Disk): Disk {
  return aroundDisk(disk, (call, proceed) => {
    const file = basename(call.path)
    if (call.name === 'write' && file === SAFE_SEQ_TMP_FILE) {
      const [handle, bytes, positionBytes] = call.args as [number, Uint8Array, number]
      return disk.write(handle, bytes.toReversed(), positionBytes)
    }
    const result = proceed()
    if (call.name === 'peek' && file === SAFE_SEQ_FILE) {
      ;(call.args[1] as Uint8Array).subarray(0, result as number).reverse()
    }
    return result
  })
}

/** A log that is sound as long as it stays where it was written. */
export const NATIVE_BYTE_ORDER: Control = {
  subject: {
    name: 'native-byte-order',
    open: (directory, tools) =>
      walSubject.open(directory, {
        ...tools,
        disk: endianness() === 'BE' ? turningSafeSeq(tools.disk) : tools.disk,
      }),
  },
  defect: 'safe_seq is written and read in the byte order of the machine',
}
