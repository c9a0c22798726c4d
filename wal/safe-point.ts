import { type Disk, readFully, writeFully } from './disk.ts'
import { WalViolation } from './error.ts'
import type { LogPaths } from './layout.ts'

/** safe_seq is an 8-byte little-endian unsigned integer (§3.5). */
export const SAFE_SEQ_BYTES = 8

/**
 * The safe point on disk, or undefined when there is no safe_seq; 0 is a value like any other (§3.5).
 * Throws `SAFESEQ_WRONG_LENGTH`, or what the disk throws.
 */
export function readSafePoint(disk: Disk, paths: LogPaths): bigint | undefined {
  if (!disk.exists(paths.safeSeq)) return undefined
  const file = disk.open(paths.safeSeq, 'read')
  try {
    const sizeBytes = disk.sizeBytes(file)
    const bytes = Buffer.alloc(SAFE_SEQ_BYTES)
    if (sizeBytes !== SAFE_SEQ_BYTES || readFully(disk, file, bytes, 0) !== SAFE_SEQ_BYTES) {
      throw new WalViolation(
        'SAFESEQ_WRONG_LENGTH',
        `${paths.safeSeq} is ${sizeBytes} bytes long and must be ${SAFE_SEQ_BYTES}`,
      )
    }
    return bytes.readBigUInt64LE()
  } finally {
    disk.close(file)
  }
}

/**
 * Makes `seq` the safe point: writes `.tmp`, syncs and closes it, renames it over safe_seq, and syncs
 * the directory (§3.5 replace, §3.6). When it returns, the new safe point is durable; if it throws,
 * either the old or the new one is there, whole.
 */
export function replaceSafePoint(disk: Disk, paths: LogPaths, seq: bigint): void {
  const bytes = Buffer.alloc(SAFE_SEQ_BYTES)
  bytes.writeBigUInt64LE(seq)
  const tmp = disk.open(paths.safeSeqTmp, 'replace')
  try {
    writeFully(disk, tmp, bytes, 0)
    disk.sync(tmp)
  } finally {
    disk.close(tmp)
  }
  disk.rename(paths.safeSeqTmp, paths.safeSeq)
  disk.syncDirectory(paths.directory)
}
