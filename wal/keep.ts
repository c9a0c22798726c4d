import { type Disk, readFully, writeFully } from './disk.ts'
import { keptPath, type LogPaths } from './layout.ts'

const WINDOW_BYTES = 1024 * 1024

/** A part of an open file. */
export interface Part {
  file: number
  startBytes: number
  endBytes: number
}

/** Calls `use` with one window of the part after another; it stops when that returns false. */
function eachWindow(
  disk: Disk,
  { file, startBytes, endBytes }: Part,
  use: (bytes: Buffer, offsetBytes: number) => boolean,
): boolean {
  const window = Buffer.allocUnsafe(Math.min(WINDOW_BYTES, endBytes - startBytes))
  for (let at = startBytes; at < endBytes; at += window.length) {
    const bytes = window.subarray(0, Math.min(window.length, endBytes - at))
    if (readFully(disk, file, bytes, at) !== bytes.length) {
      throw new Error('the log became shorter while it was read')
    }
    if (!use(bytes, at - startBytes)) return false
  }
  return true
}

/** Whether the file at `path` holds what the part holds; if so, that is durable when it returns. */
function isKeptAt(disk: Disk, path: string, part: Part): boolean {
  const kept = disk.open(path, 'read')
  try {
    if (disk.sizeBytes(kept) !== part.endBytes - part.startBytes) return false
    const other = Buffer.allocUnsafe(WINDOW_BYTES)
    const same = eachWindow(disk, part, (bytes, offsetBytes) => {
      const there = other.subarray(0, bytes.length)
      return readFully(disk, kept, there, offsetBytes) === there.length && there.equals(bytes)
    })
    if (same) disk.sync(kept)
    return same
  } finally {
    disk.close(kept)
  }
}

/** A half-written copy has its own name, so that it is never taken for a whole one. */
function copyTo(disk: Disk, path: string, part: Part, paths: LogPaths): void {
  try {
    const tmp = disk.open(paths.keptTmp, 'replace')
    try {
      eachWindow(disk, part, (bytes, offsetBytes) => {
        writeFully(disk, tmp, bytes, offsetBytes)
        return true
      })
      disk.sync(tmp)
    } finally {
      disk.close(tmp)
    }
    disk.rename(paths.keptTmp, path)
  } catch (error) {
    discardCopy(disk, paths)
    throw error
  }
}

/** Removes a copy that was not finished, where there is one. Throws what the disk throws. */
export function removeUnfinishedCopy(disk: Disk, { keptTmp }: LogPaths): void {
  if (disk.look(keptTmp)?.kind === 'file') disk.unlink(keptTmp)
}

/** The same where the disk has failed: that is told, and not that this failed as well. */
function discardCopy(disk: Disk, paths: LogPaths): void {
  try {
    removeUnfinishedCopy(disk, paths)
  } catch {}
}

/**
 * Keeps a part of the log in a file of its own beside it, named after `safeSeq`, and returns the file's
 * path. When it returns, the file and its name are durable. A file that is there is never overwritten:
 * one that holds the same is taken for it, so that a recovery that died can be done again, and otherwise
 * the name gets the next free number. Throws what the disk throws.
 */
export function keep(disk: Disk, paths: LogPaths, part: Part, safeSeq: bigint): string {
  for (let number = 1; ; number++) {
    const path = keptPath(paths, safeSeq, number)
    const standing = disk.look(path)
    if (standing === undefined) copyTo(disk, path, part, paths)
    else if (standing.kind !== 'file' || !isKeptAt(disk, path, part)) continue
    disk.syncDirectory(paths.directory)
    return path
  }
}
