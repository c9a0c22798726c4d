import { readFileSync, statSync } from 'node:fs'

const SAFE_SEQ_BYTES = 8

/** What `telemetry.safe_seq` holds: its value is null when it is missing or not 8 bytes long. */
export interface SafeSeqFile {
  sizeBytes: number | null
  value: bigint | null
}

/** Reads a safe_seq file: 8 bytes, little-endian, unsigned (§3.5). Throws system errors. */
export function readSafeSeqFile(path: string): SafeSeqFile {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return { sizeBytes: null, value: null }
  if (stats.size !== SAFE_SEQ_BYTES) return { sizeBytes: stats.size, value: null }
  const bytes = readFileSync(path)
  return {
    sizeBytes: SAFE_SEQ_BYTES,
    value: new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true),
  }
}
