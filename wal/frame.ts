import { isUtf8 } from 'node:buffer'
import type { Entry, Fields } from './entry.ts'
import { WalError } from './error.ts'
import { MAX_FRAME_JSON_BYTES } from './layout.ts'
import { type NoEntry, quickSeq } from './quick-seq.ts'

/** The frame's length: a big-endian unsigned integer (§3.3). */
export const HEADER_BYTES = 4

const LEADING_SEQ =
  /^[ \t\n\r]*\{[ \t\n\r]*"seq"[ \t\n\r]*:[ \t\n\r]*(0|[1-9][0-9]{0,19})[ \t\n\r]*[,}]/

function jsonText(fields: Fields): string {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new WalError('FIELDS_INVALID', 'the fields are not an object')
  }
  if (Object.hasOwn(fields, 'seq')) {
    throw new WalError('FIELDS_INVALID', 'the fields have a seq of their own')
  }
  if (typeof fields.toJSON === 'function') {
    throw new WalError('FIELDS_INVALID', 'the fields are not plain data: they have a toJSON')
  }
  let text: string
  try {
    text = JSON.stringify(fields)
  } catch (cause) {
    throw new WalError('FIELDS_INVALID', 'the fields cannot be put in JSON', { cause })
  }
  // A String, Number or Boolean object is an object that JSON writes as a bare value.
  if (!text.startsWith('{')) throw new WalError('FIELDS_INVALID', 'the fields are a boxed value')
  return text
}

/**
 * The frame of one entry: a 4-byte big-endian length and that many bytes of JSON, which starts with
 * `seq` as an integer of any size (§3.3). Throws `FIELDS_INVALID` or `FRAME_TOO_LARGE`.
 */
export function encodeFrame(seq: bigint, fields: Fields): Buffer {
  const text = jsonText(fields)
  const json = text === '{}' ? `{"seq":${seq}}` : `{"seq":${seq},${text.slice(1)}`
  const jsonBytes = Buffer.byteLength(json)
  if (jsonBytes > MAX_FRAME_JSON_BYTES) {
    throw new WalError(
      'FRAME_TOO_LARGE',
      `the entry takes ${jsonBytes} bytes of JSON and a frame holds ${MAX_FRAME_JSON_BYTES}`,
      { seq },
    )
  }
  const frame = Buffer.allocUnsafe(HEADER_BYTES + jsonBytes)
  frame.writeUInt32BE(jsonBytes, 0)
  frame.write(json, HEADER_BYTES)
  return frame
}

/**
 * The entry in a frame's JSON bytes, or in a few words why there is none. The seq is read from the
 * text, since a JSON number would round it beyond 2^53.
 */
export function decodeJson(json: Buffer): Entry | NoEntry {
  if (!isUtf8(json)) return 'it is not UTF-8'
  const text = json.toString()
  const digits = LEADING_SEQ.exec(text)?.[1]
  if (digits === undefined) return 'it does not start with a seq'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'it is not JSON'
  }
  const { seq: lastSeq, ...fields } = value as Fields
  if (lastSeq !== Number(digits)) return 'it has more than one seq'
  return { seq: BigInt(digits), fields }
}

/** The seq in a frame's JSON bytes, or why there is none: what `decodeJson` says, but faster. */
export function decodeSeq(json: Buffer): bigint | NoEntry {
  // A file of zeros is full of empty frames.
  if (json.length === 0) return 'it does not start with a seq'
  if (!isUtf8(json)) return 'it is not UTF-8'
  const seq = quickSeq(json)
  if (seq !== undefined) return seq
  const entry = decodeJson(json)
  return typeof entry === 'string' ? entry : entry.seq
}
