import { crc32, gunzipSync, gzipSync } from 'node:zlib'
import { CannotRead } from '../files/cannot-read.ts'
import { textOf } from '../files/read-text.ts'
import { parseStrictly } from '../files/strict-json.ts'
import { MachineError } from '../process/machine-error.ts'
import { type DeviceRequest, PAGE_BYTES, REQUEST } from './device-request.ts'
import type { Recording } from './recording.ts'
import { FORMAT, type Header, problemInHeader } from './recording-header.ts'
import { excessOf, HEADER_BYTES, PACKED_BYTES, UNPACKED_BYTES } from './recording-limits.ts'

/** A recording, and what the order of its states follows from. */
export interface OrderedRecording {
  recording: Recording
  seed: number
  tearBytes: number
}

function usedPages(image: Uint8Array): number[] {
  const zeros = Buffer.alloc(PAGE_BYTES)
  const pages = Array.from({ length: image.length / PAGE_BYTES }, (_, page) => page)
  return pages.filter(
    (page) => !zeros.equals(image.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)),
  )
}

/**
 * The bytes of a recording's file: gzip of a line of JSON, then the pages of the template that are not
 * zero, then the bytes of all writes. Throws a `MachineError` when they are more than would be read again.
 */
export function packRecording(ordered: OrderedRecording): Uint8Array {
  const { recording, ...order } = ordered
  const { template, requests, data, ...rest } = recording
  const templatePages = usedPages(template)
  const header: Header = {
    format: FORMAT,
    ...order,
    ...rest,
    sizeBytes: template.length,
    templatePages,
    records: requests.map(({ kind, offsetBytes, sizeBytes }) => [kind, offsetBytes, sizeBytes]),
    dataBytes: data.length,
  }
  const pages = templatePages.map((page) =>
    template.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES),
  )
  const line = Buffer.from(`${JSON.stringify(header)}\n`)
  const bytes = Buffer.concat([line, ...pages, data])
  const packed = gzipSync(bytes)
  if (line.length > HEADER_BYTES || bytes.length > UNPACKED_BYTES || packed.length > PACKED_BYTES) {
    throw new MachineError(
      'BROKEN',
      `the recording of round ${recording.round} is too large to be kept: ${bytes.length} bytes, ${packed.length} of them packed`,
      'Run it on a machine that is less busy, or with another seed.',
    )
  }
  return packed
}

/** The smallest file of gzip: a head of 10 bytes, a block, and at its end a checksum and a size. */
const LEAST_GZIP_BYTES = 20
const GZIP_END_BYTES = 8
const GZIP_MAGIC = 0x1f8b

/** What was packed, in one piece with nothing behind it, and no more than it says at its end. */
function gunzip(packed: Uint8Array): Buffer {
  const file = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  if (file.length < LEAST_GZIP_BYTES) throw new CannotRead('has no end')
  if (file.length > PACKED_BYTES) throw new CannotRead(`has more than ${PACKED_BYTES} bytes`)
  const notGzip = 'has bytes that are not what gzip packed'
  if (file.readUInt16BE(0) !== GZIP_MAGIC) throw new CannotRead(notGzip)
  const end = file.length - GZIP_END_BYTES
  const [checksum, sizeBytes] = [file.readUInt32LE(end), file.readUInt32LE(end + 4)]
  const tooLarge = `has more than ${UNPACKED_BYTES} bytes in it`
  if (sizeBytes > UNPACKED_BYTES) throw new CannotRead(tooLarge)
  let bytes: Buffer
  try {
    bytes = gunzipSync(file, { maxOutputLength: Math.max(sizeBytes, 1) })
  } catch {
    throw new CannotRead(notGzip)
  }
  if (bytes.length !== sizeBytes || crc32(bytes) !== checksum) {
    throw new CannotRead('has more than one file in it, or something behind it')
  }
  return bytes
}

function headerOf(bytes: Buffer): { header: Header; endBytes: number } {
  const endBytes = bytes.subarray(0, HEADER_BYTES).indexOf('\n')
  if (endBytes < 0) throw new CannotRead('has no line that says what it is')
  const header = parseStrictly(textOf(bytes.subarray(0, endBytes)))
  const problem = problemInHeader(header)
  if (problem !== null) throw new CannotRead(`has ${problem}`)
  return { header: header as Header, endBytes: endBytes + 1 }
}

function requestsOf(records: Header['records']): DeviceRequest[] {
  let dataOffset = 0
  return records.map(([kind, offsetBytes, sizeBytes]): DeviceRequest => {
    const request = { kind, offsetBytes, sizeBytes, dataOffset }
    if (kind === REQUEST.write) dataOffset += sizeBytes
    return request
  })
}

function unpack(packed: Uint8Array): OrderedRecording {
  const bytes = gunzip(packed)
  const { header, endBytes } = headerOf(bytes)
  const { format: _, seed, tearBytes, sizeBytes, templatePages, ...rest } = header
  const { dataBytes, records, ...recording } = rest
  const dataAt = endBytes + templatePages.length * PAGE_BYTES
  if (bytes.length < dataAt + dataBytes) throw new CannotRead('has an end before its end')
  if (bytes.length > dataAt + dataBytes) throw new CannotRead('has bytes beyond its end')
  const template = new Uint8Array(sizeBytes)
  for (const [i, page] of templatePages.entries()) {
    const at = endBytes + i * PAGE_BYTES
    template.set(bytes.subarray(at, at + PAGE_BYTES), page * PAGE_BYTES)
  }
  const unpacked: OrderedRecording = {
    seed,
    tearBytes,
    recording: {
      ...recording,
      template,
      requests: requestsOf(records),
      data: bytes.subarray(dataAt),
    },
  }
  const excess = excessOf(unpacked.recording)
  if (excess !== null) throw new CannotRead(`has ${excess}`)
  return unpacked
}

/** Reads what `packRecording` made. Throws a `MachineError` on anything else. */
export function unpackRecording(packed: Uint8Array): OrderedRecording {
  try {
    return unpack(packed)
  } catch (cause) {
    if (!(cause instanceof CannotRead)) throw cause
    throw new MachineError(
      'BROKEN',
      `this is no recording of ours, for it ${cause.message}`,
      'Give a recording as a run wrote it.',
      { cause },
    )
  }
}
