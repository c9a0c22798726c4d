import { type Disk, readFully } from './disk.ts'
import { decodeSeq, HEADER_BYTES } from './frame.ts'
import { MAX_FRAME_JSON_BYTES } from './layout.ts'

const WINDOW_BYTES = HEADER_BYTES + MAX_FRAME_JSON_BYTES

/** A complete frame: its place in the log, and its seq or why its JSON holds none. */
export interface ScannedFrame {
  offsetBytes: number
  endBytes: number
  seq: bigint | string
  /** The JSON; a view that holds only until the next frame is asked for. */
  json: Buffer
}

/** A frame whose JSON is an entry's. */
export interface ValidFrame extends ScannedFrame {
  seq: bigint
}

export function isValid(frame: ScannedFrame): frame is ValidFrame {
  return typeof frame.seq !== 'string'
}

/**
 * The complete frames of an open log from `startBytes`, where a frame starts, up to `endBytes` (its size,
 * or the end of its committed range), in order (§3.3). It ends at the first partial frame, or at a length that no frame
 * can have. It holds one window of the file at a time, and nothing is allocated by a length that was
 * read from it. Throws what the disk throws.
 */
export function* scanFrames(
  disk: Disk,
  file: number,
  endBytes: number,
  startBytes = 0,
): Generator<ScannedFrame> {
  const window = Buffer.allocUnsafe(Math.min(WINDOW_BYTES, endBytes - startBytes))
  let windowStart = startBytes
  let windowEnd = startBytes
  let offset = startBytes

  const holds = (sizeBytes: number): boolean => {
    if (offset + sizeBytes <= windowEnd) return true
    if (offset + sizeBytes > endBytes) return false
    const kept = windowEnd - offset
    window.copy(window, 0, offset - windowStart, windowEnd - windowStart)
    const wanted = Math.min(window.length, endBytes - offset)
    windowStart = offset
    windowEnd = offset + kept + readFully(disk, file, window.subarray(kept, wanted), offset + kept)
    return offset + sizeBytes <= windowEnd
  }

  while (holds(HEADER_BYTES)) {
    const jsonBytes = window.readUInt32BE(offset - windowStart)
    if (jsonBytes > MAX_FRAME_JSON_BYTES || !holds(HEADER_BYTES + jsonBytes)) return
    const start = offset - windowStart + HEADER_BYTES
    const json = window.subarray(start, start + jsonBytes)
    const offsetBytes = offset
    offset += HEADER_BYTES + jsonBytes
    yield { offsetBytes, endBytes: offset, seq: decodeSeq(json), json }
  }
}
