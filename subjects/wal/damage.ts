import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { AnyPhantomShape } from '../../harness/plan/plan.ts'

/** The file that is damaged. */
export const WAL_FILE = 'telemetry.wal'
const HEADER_BYTES = 4

/** The payload of a phantom frame: nothing that any plan sends. */
export const PHANTOM_PAYLOAD = { phantom: true, note: 'appended behind the log’s back' }

function phantomFrame(seq: number): Buffer {
  const json = Buffer.from(JSON.stringify({ seq, ...PHANTOM_PAYLOAD }))
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32BE(json.length)
  return Buffer.concat([header, json])
}

/** The bytes of a phantom, as if they had been left after `entries`. */
export function phantomBytes(shape: AnyPhantomShape, entries: number): Buffer {
  const frame = phantomFrame(entries + 1)
  const bytes: Record<AnyPhantomShape, Buffer> = {
    frame,
    frames: Buffer.concat([1, 2, 3].map((more) => phantomFrame(entries + more))),
    partial: frame.subarray(0, Math.floor(frame.length / 2)),
    zeros: Buffer.alloc(512),
    'huge-length': Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0xff]), frame]),
  }
  return bytes[shape]
}

/** Appends a phantom to the log behind its back. */
export function leavePhantom(directory: string, shape: AnyPhantomShape, entries: number): void {
  appendFileSync(join(directory, WAL_FILE), phantomBytes(shape, entries), { flush: true })
}

/** Where each complete frame of a log begins: walked here by its lengths, without the log's own code. */
function frameOffsets(log: Buffer): number[] {
  const offsets: number[] = []
  let offset = 0
  while (offset + HEADER_BYTES <= log.length) {
    const end = offset + HEADER_BYTES + log.readUInt32BE(offset)
    if (end > log.length) break
    offsets.push(offset)
    offset = end
  }
  return offsets
}

/** Where the JSON of an entry (counted from 1) of a log begins; undefined when there is none. */
export function jsonOffset(log: Buffer, entry: number): number | undefined {
  const offset = frameOffsets(log)[entry - 1]
  return offset === undefined ? undefined : offset + HEADER_BYTES
}

/**
 * Overwrites the first byte of an entry's JSON (counted from 1) with a zero, so that it no longer
 * parses. Returns false when the log has no such entry.
 */
export function rotEntry(directory: string, entry: number): boolean {
  const path = join(directory, WAL_FILE)
  const offset = existsSync(path) ? jsonOffset(readFileSync(path), entry) : undefined
  if (offset === undefined) return false
  const file = openSync(path, 'r+')
  try {
    writeSync(file, Buffer.alloc(1), 0, 1, offset)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return true
}
