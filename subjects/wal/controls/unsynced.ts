import { basename } from 'node:path'
import {
  CACHE_OUTLIVES,
  type Control,
  JOURNAL_KEEPS_ORDER,
} from '../../../harness/controls/control.ts'
import { aroundDisk, type DiskCall } from '../../../wal/around-disk.ts'
import type { Disk } from '../../../wal/disk.ts'
import { SAFE_SEQ_TMP_FILE, WAL_FILE } from '../../../wal/layout.ts'
import { onBrokenDisk } from './broken-disk.ts'

/** A disk on which some calls do nothing. */
const without =
  (skipped: (call: DiskCall) => boolean) =>
  (disk: Disk): Disk =>
    aroundDisk(disk, (call, proceed) => (skipped(call) ? undefined : proceed()))

const syncsFile =
  (file: string) =>
  ({ name, path }: DiskCall): boolean =>
    name === 'sync' && basename(path) === file

export const NO_LOG_SYNC: Control = {
  ...onBrokenDisk(
    'no-log-sync',
    'the log is never synced; the safe point and the directory are',
    without(syncsFile(WAL_FILE)),
    CACHE_OUTLIVES,
  ),
  unseenByPowerCut: JOURNAL_KEEPS_ORDER,
}

export const NO_SAFE_POINT_SYNC: Control = {
  ...onBrokenDisk(
    'no-safe-point-sync',
    'the safe point’s temporary file takes its place without having been synced',
    without(syncsFile(SAFE_SEQ_TMP_FILE)),
    CACHE_OUTLIVES,
  ),
  unseenByPowerCut: JOURNAL_KEEPS_ORDER,
}

export const NO_DIRECTORY_SYNC = onBrokenDisk(
  'no-directory-sync',
  'the directory is never synced',
  without(({ name }) => name === 'syncDirectory'),
  CACHE_OUTLIVES,
)

/** Syncs nothing of an append until the next one begins, or the log is closed. */
function syncsLate(disk: Disk): Disk {
  const due: (() => void)[] = []
  const catchUp = (): void => {
    for (const sync of due.splice(0)) sync()
  }
  return aroundDisk(disk, (call, proceed) => {
    const { name, path } = call
    const isWal = basename(path) === WAL_FILE
    if (isWal && (name === 'write' || name === 'close')) catchUp()
    if (name === 'syncDirectory' || (isWal && name === 'sync')) {
      due.push(() => void proceed())
      return undefined
    }
    return proceed()
  })
}

export const ACKNOWLEDGED_BEFORE_SYNC = onBrokenDisk(
  'acknowledged-before-sync',
  'an entry is acknowledged before the log and the directory are synced, which happens with the next',
  syncsLate,
  CACHE_OUTLIVES,
)

/** Renames the safe point's temporary file and syncs the directory, and only then syncs the file. */
function renamesFirst(disk: Disk): Disk {
  let unsynced: number | undefined
  return aroundDisk(disk, (call, proceed) => {
    const { name, path, args } = call
    const isTmp = basename(path) === SAFE_SEQ_TMP_FILE
    if (isTmp && name === 'sync') return undefined
    if (isTmp && name === 'close') {
      unsynced = args[0] as number
      return undefined
    }
    const result = proceed()
    if (name === 'syncDirectory' && unsynced !== undefined) {
      disk.sync(unsynced)
      disk.close(unsynced)
      unsynced = undefined
    }
    return result
  })
}

export const RENAME_BEFORE_SYNC: Control = {
  ...onBrokenDisk(
    'rename-before-sync',
    'the safe point’s temporary file is renamed, the directory synced, and only then the file',
    renamesFirst,
    CACHE_OUTLIVES,
  ),
  unseenByPowerCut: {
    ...JOURNAL_KEEPS_ORDER,
    fast_commit: 'a fast commit mostly writes out the data of the files that are in it first',
  },
}

/** Syncs the directory only from the first append on. */
function syncsNoNewName(disk: Disk): Disk {
  let appended = false
  return aroundDisk(disk, (call, proceed) => {
    if (call.name === 'write' && basename(call.path) === WAL_FILE) appended = true
    return call.name === 'syncDirectory' && !appended ? undefined : proceed()
  })
}

const FSYNC_MAKES_NAMES_DURABLE =
  'a sync of a new file makes its name durable as well, which POSIX does not promise'

export const LOG_NAME_NOT_SYNCED: Control = {
  ...onBrokenDisk(
    'log-name-not-synced',
    'the directory is not synced when the log’s file is made, but only with the first append',
    syncsNoNewName,
    CACHE_OUTLIVES,
  ),
  unseenByPowerCut: {
    ext4: FSYNC_MAKES_NAMES_DURABLE,
    xfs: FSYNC_MAKES_NAMES_DURABLE,
    btrfs: FSYNC_MAKES_NAMES_DURABLE,
  },
}
