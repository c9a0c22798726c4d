import { readSync } from 'node:fs'

const LENGTH_BYTES = 4
const LARGEST_JSON_BYTES = 1 << 20
const CHUNK_BYTES = LENGTH_BYTES + LARGEST_JSON_BYTES

/** What is told of a log's frames, in order. */
export interface FrameVisitor {
  /** A complete frame: where it starts and ends, and its JSON, in bytes that are used again. */
  frame(start: number, end: number, bytes: Buffer, jsonAt: number, jsonEnd: number): void
  /** So many empty frames in a row, which is what zeros are: a hole in a file holds millions. */
  emptyFrames(start: number, count: number): void
}

/** How many empty frames stand in a row at `at`. */
function emptyAt(bytes: Buffer, at: number, end: number): number {
  let i = at
  while (
    i + LENGTH_BYTES <= end &&
    bytes[i] === 0 &&
    bytes[i + 1] === 0 &&
    bytes[i + 2] === 0 &&
    bytes[i + 3] === 0
  ) {
    i += LENGTH_BYTES
  }
  return (i - at) / LENGTH_BYTES
}

/**
 * Tells of each complete frame of an open log file, in order. A length that no frame can have, and one
 * that the file does not hold, end the walk. It takes the memory of one frame, whatever the file says.
 */
export function walkFrames(file: number, walBytes: number, visitor: FrameVisitor): void {
  const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(walBytes, 1)))
  let chunkAt = 0
  let chunkBytes = 0
  /** Whether the bytes from `start` to `end` are in the chunk, read if need be. */
  const holds = (start: number, end: number): boolean => {
    if (end <= chunkAt + chunkBytes) return true
    if (end > walBytes) return false
    chunkAt = start
    chunkBytes = 0
    const wanted = Math.min(chunk.length, walBytes - start)
    while (chunkBytes < wanted) {
      const got = readSync(file, chunk, chunkBytes, wanted - chunkBytes, start + chunkBytes)
      if (got === 0) break
      chunkBytes += got
    }
    return end <= chunkAt + chunkBytes
  }
  let start = 0
  while (holds(start, start + LENGTH_BYTES)) {
    const empty = emptyAt(chunk, start - chunkAt, chunkBytes)
    if (empty > 0) {
      visitor.emptyFrames(start, empty)
      start += empty * LENGTH_BYTES
      continue
    }
    const jsonBytes = chunk.readUInt32BE(start - chunkAt)
    const end = start + LENGTH_BYTES + jsonBytes
    if (jsonBytes > LARGEST_JSON_BYTES || !holds(start, end)) return
    visitor.frame(start, end, chunk, start + LENGTH_BYTES - chunkAt, end - chunkAt)
    start = end
  }
}
