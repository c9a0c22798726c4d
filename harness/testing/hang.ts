import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Longer than can be read into memory, so that nobody looks at it but our log's scanner. */
const HOLE_BYTES = 3 * 2 ** 30

/**
 * Makes our log take minutes to open in `directory`: its safe point is behind a higher seq, and its frame
 * has to be looked for among the empty ones of a long hole.
 */
export function makeOpeningHang(directory: string): void {
  const safeSeq = Buffer.alloc(8)
  safeSeq.writeBigUInt64LE(2n)
  writeFileSync(join(directory, 'telemetry.safe_seq'), safeSeq)
  const wal = openSync(join(directory, 'telemetry.wal'), 'w')
  try {
    for (const json of ['{"seq":1}', '{"seq":9}']) {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(json.length)
      writeSync(wal, Buffer.concat([length, Buffer.from(json)]))
    }
    ftruncateSync(wal, HOLE_BYTES)
  } finally {
    closeSync(wal)
  }
}
