import { basename } from 'node:path'
import type { Control } from '../../../harness/controls/control.ts'
import type { IoErrorName } from '../../../harness/io-error/errors/index.ts'
import { aroundDisk } from '../../../wal/around-disk.ts'
import type { Disk } from '../../../wal/disk.ts'
import { WAL_FILE } from '../../../wal/layout.ts'
import { onBrokenDisk } from './broken-disk.ts'

/** A control of the tier of errors, and the errors that show it. */
export interface IoErrorControl {
  control: Control
  errors: readonly IoErrorName[]
}

const UNSEEN_BY_KILLS = 'no disk says no to a process that is killed'

/** What a sync failed to write is gone, and the next one succeeds: that is no success. */
const SYNC_RETRIED = onBrokenDisk(
  'sync-retried',
  'a sync that failed is asked for once more, and its success is believed',
  (disk) =>
    aroundDisk(disk, (call, proceed) => {
      if (call.name !== 'sync') return proceed()
      try {
        return proceed()
      } catch {
        return proceed()
      }
    }),
  UNSEEN_BY_KILLS,
)

const SHORT_WRITE_BELIEVED = onBrokenDisk(
  'short-write-believed',
  'a write that did less than it was asked for is taken for a whole one',
  (disk) =>
    aroundDisk(disk, (call, proceed) => {
      const result = proceed()
      return call.name === 'write' ? (call.args[1] as Uint8Array).length : result
    }),
  UNSEEN_BY_KILLS,
)

const ignoring = (ignored: keyof Disk) => (disk: Disk) =>
  aroundDisk(disk, (call, proceed) => {
    try {
      return proceed()
    } catch (error) {
      if (call.name === ignored) return undefined
      throw error
    }
  })

const RENAME_ERROR_IGNORED = onBrokenDisk(
  'rename-error-ignored',
  'the safe point’s rename fails, and nobody looks',
  ignoring('rename'),
  UNSEEN_BY_KILLS,
)

/** The tail of an append that failed stays, and the next one lands behind it, as a file opened with O_APPEND has it. */
const TAIL_LEFT = onBrokenDisk(
  'tail-left',
  'the tail of an append that failed is left, and the next one lands behind it',
  (disk) =>
    aroundDisk(disk, (call, proceed) => {
      if (basename(call.path) !== WAL_FILE) return proceed()
      if (call.name === 'truncate') return undefined
      if (call.name !== 'write') return proceed()
      const [file, bytes] = call.args as [number, Uint8Array]
      return disk.write(file, bytes, disk.sizeBytes(file))
    }),
  UNSEEN_BY_KILLS,
)

/** The controls of the tier of errors, in order. */
export const IO_ERROR_CONTROLS: readonly IoErrorControl[] = [
  { control: SYNC_RETRIED, errors: ['sync-lost'] },
  { control: SHORT_WRITE_BELIEVED, errors: ['full-half'] },
  { control: RENAME_ERROR_IGNORED, errors: ['EIO'] },
  { control: TAIL_LEFT, errors: ['full-half'] },
]
