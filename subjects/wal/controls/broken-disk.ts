import { basename } from 'node:path'
import {
  CACHE_OUTLIVES,
  type Control,
  JOURNAL_KEEPS_ORDER,
} from '../../../harness/controls/control.ts'
import { aroundDisk } from '../../../wal/around-disk.ts'
import type { Disk, Standing } from '../../../wal/disk.ts'
import { SAFE_SEQ_TMP_FILE, WAL_FILE } from '../../../wal/layout.ts'
import { walSubject } from '../subject.ts'

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

/**
 * Holds back what is done to the log while `holds` says so, and does it after the safe point's rename.
 * Until then the log is said to be as long as it will be.
 */
function behindTheSafePoint(disk: Disk, holds: (name: keyof Disk) => boolean): Disk {
  let heldBack: (() => unknown)[] = []
  let endBytes: number | undefined
  return aroundDisk(disk, (call, proceed) => {
    if (isWal(call.path) && holds(call.name)) {
      // The caller's buffer is its own again once the write has returned.
      const args = call.args.map((arg) => (arg instanceof Uint8Array ? arg.slice() : arg))
      heldBack.push(() => (disk[call.name] as (...all: unknown[]) => unknown)(...args))
      if (call.name !== 'write') return undefined
      const [, bytes, positionBytes] = args as [number, Uint8Array, number]
      endBytes = positionBytes + bytes.length
      return bytes.length
    }
    const result = proceed()
    if (isWal(call.path) && call.name === 'sizeBytes') return endBytes ?? result
    if (call.name === 'syncDirectory') {
      for (const make of heldBack) make()
      heldBack = []
      endBytes = undefined
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

/** A disk that cuts nothing off, and says that the log ends where it would have ended. */
function neverCuts(disk: Disk): Disk {
  let endBytes: number | undefined
  return aroundDisk(disk, (call, proceed) => {
    if (!isWal(call.path)) return proceed()
    if (call.name === 'truncate') {
      endBytes = call.args[1] as number
      return undefined
    }
    const result = proceed()
    if (endBytes === undefined) return result
    if (call.name === 'write') endBytes = (call.args[2] as number) + (result as number)
    if (call.name === 'sizeBytes') return endBytes
    return call.name === 'look' ? { ...(result as Standing), sizeBytes: endBytes } : result
  })
}

export const NO_TRUNCATION: Control = {
  ...onBrokenDisk(
    'no-truncation',
    'recovery leaves what is beyond the safe point in the file',
    neverCuts,
  ),
  shownByPowerCut: ['phantom'],
}

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
