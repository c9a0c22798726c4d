import { readSync } from 'node:fs'
import { withFile } from './open-file.ts'

const SAFE_SEQ_BYTES = 8

/** What `telemetry.safe_seq` holds: its value is null when it is missing or not 8 bytes long. */
export interface SafeSeqFile {
  sizeBytes: number | null
  value: bigint | null
}

/** Reads a safe_seq file: 8 bytes, little-endian, unsigned (§3.5). Throws `NotAFile` and system errors. */
export function readSafeSeqFile(path: string): SafeSeqFile {
  const read = withFile(path, (file, sizeBytes): SafeSeqFile => {
    const bytes = new DataView(new ArrayBuffer(SAFE_SEQ_BYTES))
    const whole = sizeBytes === SAFE_SEQ_BYTES && readSync(file, bytes, 0, SAFE_SEQ_BYTES, 0) === 8
    return { sizeBytes, value: whole ? bytes.getBigUint64(0, true) : null }
  })
  return read ?? { sizeBytes: null, value: null }
}
