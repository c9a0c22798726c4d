import { isUtf8 } from 'node:buffer'
import { JsonRest } from './json-rest.ts'

const LEADING = Buffer.from('{"seq":')
const LARGEST_SEQ_DIGITS = 20
/** Digits that a double counts exactly, and what is in front of them counts for. */
const EXACT_DIGITS = 15
const SHIFT = 10n ** BigInt(EXACT_DIGITS)

const rest = new JsonRest()

const isWhite = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/** Where the digits of a leading `seq` start, or -1. White space may stand before and between. */
function digitsAt(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  for (let i = 0; i < LEADING.length; i++) {
    // Inside of the quotes nothing may be skipped.
    const insideQuotes = i > 1 && i < LEADING.length - 1
    if (!insideQuotes) while (at < end && isWhite(bytes[at])) at++
    if (at >= end || bytes[at] !== LEADING[i]) return -1
    at++
  }
  while (at < end && isWhite(bytes[at])) at++
  return at
}

/** A number of up to 15 digits. */
function decimal(bytes: Uint8Array, start: number, end: number): bigint {
  let value = 0
  for (let i = start; i < end; i++) value = value * 10 + (bytes[i] as number) - 0x30
  return BigInt(value)
}

function integer(bytes: Uint8Array, start: number, end: number): bigint {
  if (end - start <= EXACT_DIGITS) return decimal(bytes, start, end)
  const middle = end - EXACT_DIGITS
  return decimal(bytes, start, middle) * SHIFT + decimal(bytes, middle, end)
}

/**
 * The seq of the entry that the JSON from `start` to `end` holds, exact beyond 2^53; null when the bytes
 * are not UTF-8, not JSON, or not an object that starts with a `seq` which no later key contradicts
 * (§3.3). It never throws: a log can hold millions of frames that are none.
 */
export function entrySeq(bytes: Uint8Array, start = 0, end = bytes.length): bigint | null {
  const first = digitsAt(bytes, start, end)
  if (first < 0) return null
  let at = first
  while (at < end && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at++
  const digits = at - first
  if (digits === 0 || digits > LARGEST_SEQ_DIGITS || (digits > 1 && bytes[first] === 0x30)) {
    return null
  }
  if (!rest.isRest(bytes, at, end)) return null
  const seq = integer(bytes, first, at)
  if (rest.beyondAscii && !isUtf8(bytes.subarray(start, end))) return null
  const { secondSeq } = rest
  return secondSeq !== null && (secondSeq === '' || Number(secondSeq) !== Number(seq)) ? null : seq
}
