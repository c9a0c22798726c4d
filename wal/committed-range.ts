import { WalViolation } from './error.ts'
import { isValid, type ScannedFrame, type ValidFrame } from './scan.ts'

function corrupt(frame: ScannedFrame, expected: bigint): WalViolation {
  return new WalViolation(
    'WAL_CORRUPT_INVALID_JSON',
    `the frame at byte ${frame.offsetBytes} (seq ${expected} by its place) cannot be read: ${frame.seq}`,
    { offsetBytes: frame.offsetBytes, seq: expected },
  )
}

/** Throws `WAL_CORRUPT_INVALID_JSON` unless the frame, at the place of seq `expected`, has an entry. */
export function assertValid(frame: ScannedFrame, expected: bigint): asserts frame is ValidFrame {
  if (!isValid(frame)) throw corrupt(frame, expected)
}

/** The violation that a frame with another seq than `expected` is: R1 at the start, else R2. */
export function gap(frame: ValidFrame, expected: bigint): WalViolation {
  const { seq } = frame
  return expected === 1n
    ? new WalViolation('FIRST_SEQ_NOT_ONE', `the first frame has seq ${seq} and must have 1`, {
        offsetBytes: frame.offsetBytes,
        seq,
      })
    : new WalViolation(
        'SEQ_GAP',
        `the frame at byte ${frame.offsetBytes} has seq ${seq} where ${expected} must stand`,
        { offsetBytes: frame.offsetBytes, seq },
      )
}

/** The seqs 1, 2, 3, … against those in `frames`: the first frame out of line, as a violation. */
export interface FrameCount {
  /** The last seq; with a gap, the highest. */
  maxSeq: bigint
  endBytes: number
  firstGap: WalViolation | undefined
}

/**
 * What all frames up to the structural end come to, when all of them count as committed (§3.4 legacy
 * upgrade). Throws `WAL_CORRUPT_INVALID_JSON`; a gap is reported and not thrown.
 */
export function countFrames(frames: Iterable<ScannedFrame>): FrameCount {
  const count: FrameCount = { maxSeq: 0n, endBytes: 0, firstGap: undefined }
  for (const frame of frames) {
    const expected = count.maxSeq + 1n
    assertValid(frame, expected)
    if (frame.seq !== expected) count.firstGap ??= gap(frame, expected)
    if (frame.seq > count.maxSeq) count.maxSeq = frame.seq
    count.endBytes = frame.endBytes
  }
  return count
}

/**
 * The byte at which the committed range ends, which is where the frame of `safeSeq` ends. `safeSeq` is
 * above 0, and `frames` are the log's, from its start. They are read up to that frame only: what is
 * beyond can be anything (R5).
 *
 * Throws `FIRST_SEQ_NOT_ONE` (R1), `SEQ_GAP` (R2), `WAL_CORRUPT_INVALID_JSON` (whichever stands first
 * in the log), then `SAFESEQ_GT_MAXSEQ` (R3) or `SAFESEQ_NOT_FOUND` (R4).
 */
export function committedEndBytes(frames: Iterable<ScannedFrame>, safeSeq: bigint): number {
  let maxSeq = 0n
  let above: WalViolation | undefined
  for (const frame of frames) {
    if (above !== undefined) {
      // Frames above the safe point are phantoms unless the safe point's own frame is behind them.
      if (frame.seq === safeSeq) throw above
      continue
    }
    const expected = maxSeq + 1n
    assertValid(frame, expected)
    const { seq } = frame
    if (seq !== expected) {
      above = gap(frame, expected)
      if (expected === 1n || seq <= safeSeq) throw above
    } else if (seq === safeSeq) return frame.endBytes
    maxSeq = seq
  }
  if (maxSeq === 0n) {
    throw new WalViolation('SAFESEQ_NOT_FOUND', `safe_seq is ${safeSeq} and the log is empty`, {
      seq: safeSeq,
    })
  }
  if (safeSeq > maxSeq) {
    throw new WalViolation(
      'SAFESEQ_GT_MAXSEQ',
      `safe_seq is ${safeSeq} and the last frame has seq ${maxSeq}`,
      { seq: safeSeq },
    )
  }
  throw new WalViolation(
    'SAFESEQ_NOT_FOUND',
    `safe_seq is ${safeSeq} and no frame has that seq, though one has seq ${maxSeq}`,
    { seq: safeSeq },
  )
}
