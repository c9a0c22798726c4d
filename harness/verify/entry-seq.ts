import { isAscii, isUtf8 } from 'node:buffer'

const SEQ_KEY = '"seq"'
const WHITE = new Set([' ', '\n', '\r', '\t'])

function skipWhite(text: string, at: number): number {
  let i = at
  while (i < text.length && WHITE.has(text[i] as string)) i++
  return i
}

/** The digits of a leading `seq`, or null when the text does not begin with one. */
function leadingSeq(text: string): string | null {
  let at = skipWhite(text, 0)
  if (text[at] !== '{') return null
  at = skipWhite(text, at + 1)
  if (!text.startsWith(SEQ_KEY, at)) return null
  at = skipWhite(text, at + SEQ_KEY.length)
  if (text[at] !== ':') return null
  const start = skipWhite(text, at + 1)
  let end = start
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++
  const next = text[skipWhite(text, end)]
  const length = end - start
  if (length === 0 || length > 20 || (next !== ',' && next !== '}')) return null
  return length > 1 && text[start] === '0' ? null : text.slice(start, end)
}

/**
 * The seq of the entry that a frame's JSON holds, exact beyond 2^53; null when the bytes are not
 * UTF-8, not JSON, or not an object that starts with a `seq` which no later key contradicts (§3.3).
 */
export function entrySeq(bytes: Buffer): bigint | null {
  if (!isAscii(bytes) && !isUtf8(bytes)) return null
  const text = bytes.toString('utf8')
  const digits = leadingSeq(text)
  // Asked before JSON.parse, whose throw is so slow that a file of zeros would take minutes.
  if (digits === null) return null
  let value: { seq?: unknown } | null
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  return value?.seq === Number(digits) ? BigInt(digits) : null
}
