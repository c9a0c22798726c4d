import { readSync } from 'node:fs'

const LENGTH_BYTES = 4
const LARGEST_JSON_BYTES = 1 << 20
const CHUNK_BYTES = LENGTH_BYTES + LARGEST_JSON_BYTES

/**
 * Calls `visit` for each complete frame of an open log file, in order: where it starts and ends, and
 * its JSON, in a buffer that is used again. A length that no frame can have, and one that the file
 * does not hold, end the walk; no memory is taken by such a length. Returns where the structure ends.
 */
export function walkFrames(
  file: number,
  walBytes: number,
  visit: (start: number, end: number, json: Buffer) => void,
): number {
  const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(walBytes, 1)))
  let chunkAt = 0
  let chunkBytes = 0
  const load = (at: number): void => {
    chunkAt = at
    chunkBytes = 0
    for (;;) {
      const got = readSync(file, chunk, chunkBytes, chunk.length - chunkBytes, at + chunkBytes)
      chunkBytes += got
      if (got === 0 || chunkBytes === chunk.length) return
    }
  }
  let start = 0
  while (start + LENGTH_BYTES <= walBytes) {
    if (start + LENGTH_BYTES > chunkAt + chunkBytes) load(start)
    const jsonBytes = chunk.readUInt32BE(start - chunkAt)
    const end = start + LENGTH_BYTES + jsonBytes
    if (jsonBytes > LARGEST_JSON_BYTES || end > walBytes) break
    if (end > chunkAt + chunkBytes) load(start)
    visit(start, end, chunk.subarray(start - chunkAt + LENGTH_BYTES, end - chunkAt))
    start = end
  }
  return start
}
