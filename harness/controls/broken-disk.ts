import { basename } from 'node:path'
import { aroundDisk } from '../../wal/around-disk.ts'
import type { Disk } from '../../wal/disk.ts'
import { SAFE_SEQ_TMP_FILE, WAL_FILE } from '../../wal/layout.ts'
import { walSubject } from '../subjects/wal.ts'
import { CACHE_OUTLIVES, type Control, JOURNAL_KEEPS_ORDER } from './control.ts'

/** Our log on a disk that does one thing wrong. */
export function onBrokenDisk(
  name: string,
  defect: string,
  breakDisk: (disk: Disk) => Disk,
  unseenBecause?: string,
): Control {
  return {
    subject: {
      name,
      open: (directory, tools) =>
        walSubject.open(directory, { ...tools, disk: breakDisk(tools.disk) }),
    },
    defect,
    ...(unseenBecause === undefined ? {} : { unseenBecause }),
  }
}

const isWal = (path: string): boolean => basename(path) === WAL_FILE

/** Holds back what is done to the log while `holds` says so, and does it after the safe point's rename. */
function behindTheSafePoint(disk: Disk, holds: (name: keyof Disk) => boolean): Disk {
  let heldBack: (() => unknown)[] = []
  return aroundDisk(disk, (call, proceed) => {
    if (isWal(call.path) && holds(call.name)) {
      // The caller's buffer is its own again once the write has returned.
      const args = call.args.map((arg) => (arg instanceof Uint8Array ? arg.slice() : arg))
      heldBack.push(() => (disk[call.name] as (...all: unknown[]) => unknown)(...args))
      return call.name === 'write' ? (call.args[1] as Uint8Array).length : undefined
    }
    const result = proceed()
    if (call.name === 'syncDirectory') {
      for (const make of heldBack) make()
      heldBack = []
    }
    return result
  })
}

export const SAFE_POINT_FIRST = onBrokenDisk(
  'safe-point-first',
  'the safe point moves before the frame is written and synced',
  (disk) => behindTheSafePoint(disk, (name) => name === 'write' || name === 'sync'),
)

export const SAFE_POINT_BEFORE_SYNC: Control = {
  ...onBrokenDisk(
    'safe-point-before-sync',
    'the frame is written, the safe point moves, and only then the log is synced',
    (disk) => behindTheSafePoint(disk, (name) => name === 'sync'),
    CACHE_OUTLIVES,
  ),
  unseenByPowerCut: JOURNAL_KEEPS_ORDER,
}

export const NO_TRUNCATION = onBrokenDisk(
  'no-truncation',
  'recovery leaves what is beyond the safe point in the file',
  (disk) => ({ ...disk, truncate: () => {} }),
)

export const SAFE_SEQ_IN_PLACE = onBrokenDisk(
  'safe-seq-in-place',
  'safe_seq is emptied and written in place, not replaced by a rename',
  (disk) => ({
    ...disk,
    open: (path, mode) =>
      disk.open(basename(path) === SAFE_SEQ_TMP_FILE ? path.slice(0, -'.tmp'.length) : path, mode),
    rename: () => {},
  }),
)

export const NO_SYNC = onBrokenDisk(
  'no-sync',
  'nothing is ever synced, neither a file nor the directory',
  (disk) => ({ ...disk, sync: () => {}, syncDirectory: () => {} }),
  CACHE_OUTLIVES,
)
