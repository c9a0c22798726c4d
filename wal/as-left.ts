import type { Disk } from './disk.ts'
import { WalViolation } from './error.ts'
import { type LogPaths, SAFE_SEQ_FILE, WAL_FILE } from './layout.ts'
import { peekSafePoint } from './safe-point.ts'

/** What is at the path of the log, if not the file `identity` with `sizeBytes`; else undefined. */
export function whatBecameOfLog(
  disk: Disk,
  { wal }: LogPaths,
  left: { identity: string; sizeBytes: number },
): string | undefined {
  const standing = disk.look(wal)
  if (standing === undefined) return `${WAL_FILE} is gone`
  if (standing.identity !== left.identity) return `another file stands in the place of ${WAL_FILE}`
  if (standing.sizeBytes === left.sizeBytes) return undefined
  return itsLengthIs(standing.sizeBytes, left.sizeBytes)
}

/** That the log has another length than the one that it was left with, in words. */
export function itsLengthIs(sizeBytes: number, leftBytes: number): string {
  return `${WAL_FILE} is ${sizeBytes} bytes long, and this log left it at ${leftBytes}`
}

/**
 * What became of safe_seq, if it isn't `safeSeq`; else undefined. It is read through its name: whoever
 * appended or recovered meanwhile has put another file there, which may well have got the old one's inode.
 */
export function whatBecameOfSafePoint(
  disk: Disk,
  paths: LogPaths,
  safeSeq: bigint,
): string | undefined {
  try {
    const now = peekSafePoint(disk, paths.safeSeq)
    if (now === safeSeq) return undefined
    return now === undefined
      ? `${SAFE_SEQ_FILE} has another length`
      : `${SAFE_SEQ_FILE} is ${now}, and this log left it at ${safeSeq}`
  } catch (error) {
    if (error instanceof WalViolation) return `${SAFE_SEQ_FILE} is no file any more`
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return `${SAFE_SEQ_FILE} is gone`
    throw error
  }
}
