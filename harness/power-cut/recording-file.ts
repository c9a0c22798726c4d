import { gunzipSync, gzipSync } from 'node:zlib'
import { MachineError } from '../process/machine-error.ts'
import { type DeviceRecord, PAGE_BYTES, RECORD } from './device-memory.ts'
import type { Recording } from './recording.ts'

/**
 * A recording as a file: gzip of a line of JSON, then the pages of the template that are not zero, then
 * the bytes of all writes.
 */
const FORMAT = 'pullplug-recording/1'

/** No recording that was written here is larger. */
const MAX_BYTES = 1024 * 1024 * 1024

/** A recording, and what the order of its states follows from. */
export interface OrderedRecording {
  recording: Recording
  seed: number
  tearBytes: number
}

interface Header extends Omit<Recording, 'template' | 'records' | 'data'> {
  format: typeof FORMAT
  seed: number
  tearBytes: number
  sizeBytes: number
  templatePages: number[]
  /** Kind, offset and size of each. */
  records: [number, number, number][]
  dataBytes: number
}

function usedPages(image: Uint8Array): number[] {
  const zeros = Buffer.alloc(PAGE_BYTES)
  const pages = Array.from({ length: image.length / PAGE_BYTES }, (_, page) => page)
  return pages.filter(
    (page) => !zeros.equals(image.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)),
  )
}

/** The bytes of a recording's file. */
export function packRecording(ordered: OrderedRecording): Uint8Array {
  const { recording, ...order } = ordered
  const { template, records, data, ...rest } = recording
  const templatePages = usedPages(template)
  const header: Header = {
    format: FORMAT,
    ...order,
    ...rest,
    sizeBytes: template.length,
    templatePages,
    records: records.map(({ kind, offsetBytes, sizeBytes }) => [kind, offsetBytes, sizeBytes]),
    dataBytes: data.length,
  }
  const pages = templatePages.map((page) =>
    template.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES),
  )
  return gzipSync(Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...pages, data]))
}

function recordsOf(header: Header): DeviceRecord[] {
  let dataOffset = 0
  const records = header.records.map(([kind, offsetBytes, sizeBytes]): DeviceRecord => {
    if (offsetBytes + sizeBytes > header.sizeBytes) throw new Error('a write beyond its disk')
    const record = { kind, offsetBytes, sizeBytes, dataOffset }
    if (kind === RECORD.write) dataOffset += sizeBytes
    return record
  })
  if (dataOffset !== header.dataBytes) throw new Error('writes that do not add up to its bytes')
  return records
}

function unpack(packed: Uint8Array): OrderedRecording {
  const bytes = gunzipSync(packed, { maxOutputLength: MAX_BYTES })
  const headerEnd = bytes.indexOf('\n')
  const header = JSON.parse(bytes.subarray(0, headerEnd).toString()) as Header
  if (header.format !== FORMAT) throw new Error(`the format ${header.format}`)
  const { format: _, seed, tearBytes, sizeBytes, templatePages, ...rest } = header
  const { dataBytes, ...recording } = rest
  const template = new Uint8Array(sizeBytes)
  let at = headerEnd + 1
  for (const page of templatePages) {
    template.set(bytes.subarray(at, at + PAGE_BYTES), page * PAGE_BYTES)
    at += PAGE_BYTES
  }
  const data = bytes.subarray(at, at + dataBytes)
  if (data.length !== dataBytes) throw new Error('an end before its end')
  return {
    seed,
    tearBytes,
    recording: {
      ...recording,
      template,
      records: recordsOf(header),
      data,
    },
  }
}

/** Reads what `packRecording` made. Throws a `MachineError` on anything else. */
export function unpackRecording(packed: Uint8Array): OrderedRecording {
  try {
    return unpack(packed)
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `this is no recording of ours, for it has ${(cause as Error).message}`,
      'Give a recording as a run wrote it.',
      { cause },
    )
  }
}
