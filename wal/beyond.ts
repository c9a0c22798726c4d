import type { Disk } from './disk.ts'
import { MAX_LOG_BYTES } from './layout.ts'
import { isValid, scanFrames } from './scan.ts'

/** What stands in the log beyond its committed range. */
export interface Beyond {
  /** From the end of the committed range to the end of the file. */
  bytes: number
  /** Whole frames that hold an entry, and the first and the last seq in them. */
  wholeFrames: number
  firstSeq: bigint | undefined
  lastSeq: bigint | undefined
  /**
   * The most entries above the safe point that follow one another. A crash of this log leaves one at
   * most: a frame is written only when the safe point has reached the one before it.
   */
  inARow: number
  /** Where the last entry ends, with what of the file can still be the log's behind it. */
  keepEndBytes: number
}

/**
 * Counts what stands from `startBytes` on, where the committed range of `safeSeq` ends, up to the
 * log's size. A frame that can't be read keeps its place in a row. It gives up where no entry has come
 * for `giveUpBytes` (as many as a log has, unless given), and holds one window of the file. Throws what
 * the disk throws.
 */
export function lookBeyond(
  disk: Disk,
  file: number,
  range: { startBytes: number; sizeBytes: number; safeSeq: bigint; giveUpBytes?: number },
): Beyond {
  const { startBytes, sizeBytes, safeSeq, giveUpBytes = MAX_LOG_BYTES } = range
  let wholeFrames = 0
  let firstSeq: bigint | undefined
  let lastSeq: bigint | undefined
  let entryEndBytes = startBytes
  let inARow = 0
  let row = 0
  let unreadable = 0
  for (const frame of scanFrames(disk, file, sizeBytes, startBytes)) {
    if (frame.endBytes - entryEndBytes > giveUpBytes) break
    if (!isValid(frame)) {
      unreadable++
      continue
    }
    const { seq } = frame
    const follows = seq === (lastSeq ?? safeSeq) + BigInt(1 + unreadable)
    if (seq <= safeSeq) row = 0
    else row = follows ? row + 1 : 1
    inARow = Math.max(inARow, row)
    unreadable = 0
    wholeFrames++
    firstSeq ??= seq
    lastSeq = seq
    entryEndBytes = frame.endBytes
  }
  return {
    bytes: sizeBytes - startBytes,
    wholeFrames,
    firstSeq,
    lastSeq,
    inARow,
    keepEndBytes: Math.min(sizeBytes, entryEndBytes + giveUpBytes),
  }
}
