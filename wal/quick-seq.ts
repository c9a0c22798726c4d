/**
 * How deep the quick check follows nested values before it leaves the frame to `JSON.parse`. Its
 * recursion must end whatever the bytes are.
 */
const MAX_DEPTH = 32

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39

const LEADING_SEQ = Buffer.from('{"seq":')
const [TRUE, FALSE, NULL] = ['true', 'false', 'null'].map((word) => Buffer.from(word)) as [
  Buffer,
  Buffer,
  Buffer,
]

/** Every check returns the byte after what it read, or NO. */
const NO = -1

function afterWord(bytes: Uint8Array, at: number, word: Buffer): number {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return NO
  return at + word.length
}

/** A string without control characters. An escape it knows only by its first letter, and never \u. */
function afterString(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] !== QUOTE) return NO
  for (let i = at + 1; i < end; i++) {
    const byte = bytes[i] as number
    if (byte === QUOTE) return i + 1
    if (byte < 0x20) return NO
    if (byte === BACKSLASH) {
      const escaped = bytes[++i] as number
      if (escaped !== QUOTE && escaped !== BACKSLASH && escaped !== 0x6e /* n */) return NO
    }
  }
  return NO
}

function afterDigits(bytes: Uint8Array, at: number): number {
  let i = at
  while ((bytes[i] as number) >= ZERO && (bytes[i] as number) <= NINE) i++
  return i === at ? NO : i
}

/** A number without an exponent. */
function afterNumber(bytes: Uint8Array, at: number): number {
  const start = bytes[at] === MINUS ? at + 1 : at
  const whole = bytes[start] === ZERO ? start + 1 : afterDigits(bytes, start)
  return whole !== NO && bytes[whole] === POINT ? afterDigits(bytes, whole + 1) : whole
}

function afterArray(bytes: Uint8Array, at: number, end: number, depth: number): number {
  let i = at + 1
  if (bytes[i] === CLOSE_ARRAY) return i + 1
  while (i < end) {
    i = afterValue(bytes, i, end, depth)
    if (i === NO) return NO
    if (bytes[i] === CLOSE_ARRAY) return i + 1
    if (bytes[i] !== COMMA) return NO
    i++
  }
  return NO
}

/** The members of an object from `at` on, and its closing brace. */
function afterMembers(bytes: Uint8Array, at: number, end: number, depth: number): number {
  let i = at
  while (i < end) {
    const key = i
    i = afterString(bytes, i, end)
    if (i === NO || bytes[i] !== COLON) return NO
    if (depth === 0 && isSeq(bytes, key + 1, i - 1)) return NO
    i = afterValue(bytes, i + 1, end, depth)
    if (i === NO) return NO
    if (bytes[i] === CLOSE_OBJECT) return i + 1
    if (bytes[i] !== COMMA) return NO
    i++
  }
  return NO
}

/** Whether a key is a second seq, for `JSON.parse` to judge. No escape that gets here can spell one. */
function isSeq(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === 3 &&
    bytes[start] === 0x73 &&
    bytes[start + 1] === 0x65 &&
    bytes[start + 2] === 0x71
  )
}

function afterValue(bytes: Uint8Array, at: number, end: number, depth: number): number {
  switch (bytes[at]) {
    case QUOTE:
      return afterString(bytes, at, end)
    case OPEN_OBJECT:
      if (depth >= MAX_DEPTH) return NO
      return bytes[at + 1] === CLOSE_OBJECT ? at + 2 : afterMembers(bytes, at + 1, end, depth + 1)
    case OPEN_ARRAY:
      return depth >= MAX_DEPTH ? NO : afterArray(bytes, at, end, depth + 1)
    case TRUE[0]:
      return afterWord(bytes, at, TRUE)
    case FALSE[0]:
      return afterWord(bytes, at, FALSE)
    case NULL[0]:
      return afterWord(bytes, at, NULL)
    default:
      return afterNumber(bytes, at)
  }
}

/**
 * The seq in a frame's JSON when that is of the plain kind which `encodeFrame` writes, or undefined
 * where that can't be told at a glance. It builds no values, so a scan takes a third of the time that
 * `JSON.parse` would take. It may say "can't tell" of anything, and what it accepts `JSON.parse`
 * accepts; that the bytes are UTF-8 is left to the caller.
 */
export function quickSeq(json: Uint8Array): bigint | undefined {
  const end = json.length
  if (json[end - 1] !== CLOSE_OBJECT) return undefined
  const digits = afterWord(json, 0, LEADING_SEQ)
  if (digits === NO) return undefined
  let seq = 0
  let at = digits
  for (
    let digit = json[at] as number;
    digit >= ZERO && digit <= NINE;
    digit = json[++at] as number
  ) {
    seq = seq * 10 + (digit - ZERO)
  }
  const leadingZero = json[digits] === ZERO && at - digits > 1
  if (at === digits || leadingZero || !Number.isSafeInteger(seq)) return undefined
  const after = json[at] === COMMA ? afterMembers(json, at + 1, end, 0) : at + 1
  return after === end ? BigInt(seq) : undefined
}
