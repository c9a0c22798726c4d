import { type Disk, writeFully } from './disk.ts'
import { notAFile, WalViolation } from './error.ts'
import type { LogPaths } from './layout.ts'

/** safe_seq is an 8-byte little-endian unsigned integer (§3.5). */
export const SAFE_SEQ_BYTES = 8

/**
 * The safe point on disk, or undefined when there is no safe_seq; 0 is a value like any other (§3.5).
 * Throws `SAFESEQ_WRONG_LENGTH`, `NOT_A_FILE`, or what the disk throws.
 */
export function readSafePoint(disk: Disk, { safeSeq }: LogPaths): bigint | undefined {
  const standing = disk.look(safeSeq)
  if (standing === undefined) return undefined
  if (standing.kind !== 'file') throw notAFile(safeSeq, standing.kind)
  const value = peekSafePoint(disk, safeSeq)
  if (value !== undefined) return value
  throw new WalViolation(
    'SAFESEQ_WRONG_LENGTH',
    `${safeSeq} is ${standing.sizeBytes} bytes long and must be ${SAFE_SEQ_BYTES}`,
  )
}

/** What a safe_seq that is there says; undefined when it is of another length. Throws what the disk throws. */
export function peekSafePoint(disk: Disk, path: string): bigint | undefined {
  // One byte more than it must hold, so that a longer one is told.
  const bytes = Buffer.alloc(SAFE_SEQ_BYTES + 1)
  return disk.peek(path, bytes) === SAFE_SEQ_BYTES ? bytes.readBigUInt64LE() : undefined
}

/**
 * Makes `seq` the safe point: writes `.tmp`, syncs and closes it, renames it over safe_seq, and syncs
 * the directory (§3.5 replace, §3.6). When it returns, the new safe point is durable; if it throws,
 * either the old or the new one is there, whole. `beforeRename` can still prevent it by throwing.
 */
export function replaceSafePoint(
  disk: Disk,
  paths: LogPaths,
  seq: bigint,
  beforeRename: () => void = () => {},
): void {
  const bytes = Buffer.alloc(SAFE_SEQ_BYTES)
  bytes.writeBigUInt64LE(seq)
  const tmp = disk.open(paths.safeSeqTmp, 'replace')
  try {
    writeFully(disk, tmp, bytes, 0)
    disk.sync(tmp)
  } finally {
    disk.close(tmp)
  }
  beforeRename()
  disk.rename(paths.safeSeqTmp, paths.safeSeq)
  disk.syncDirectory(paths.directory)
}
