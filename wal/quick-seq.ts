/**
 * How deep the quick check follows nested values before it leaves the frame to `JSON.parse`. Its
 * recursion must end whatever the bytes are.
 */
const MAX_DEPTH = 256

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const PLUS = 0x2b
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const SPACE = 0x20
const LINE_FEED = 0x0a
const RETURN = 0x0d
const TAB = 0x09
/** Digits that a double counts exactly, and the most that a seq has. */
const EXACT_DIGITS = 15
const MAX_DIGITS = 20

const PLAIN_START = Buffer.from('{"seq":')
const SEQ_KEY = Buffer.from('"seq"')
const [TRUE, FALSE, NULL] = ['true', 'false', 'null'].map((word) => Buffer.from(word)) as [
  Buffer,
  Buffer,
  Buffer,
]
/** The letters that may follow a backslash, but for `u`. */
const ESCAPES = new Set(Buffer.from('"\\/bfnrt'))

/** Why a frame's JSON holds no entry. */
export type NoEntry =
  | 'it is not UTF-8'
  | 'it does not start with a seq'
  | 'it is not JSON'
  | 'it has more than one seq'

/** Every check returns the byte after what it read, or one of these. */
const NO = -1
const CANNOT_TELL = -2

/** Of the frame that is being checked, one at a time: its escapes, and whether a key can be a second seq. */
let escapes = 0
let hasSecondSeq = false

function afterSpace(bytes: Uint8Array, at: number): number {
  let i = at
  // Hardly any byte is a space or below, so that one comparison is mostly all.
  while ((bytes[i] as number) <= SPACE) {
    const byte = bytes[i]
    if (byte !== SPACE && byte !== LINE_FEED && byte !== RETURN && byte !== TAB) break
    i++
  }
  return i
}

function afterWord(bytes: Uint8Array, at: number, word: Buffer): number {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return NO
  return at + word.length
}

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false
  const letter = byte | 0x20
  return (byte >= ZERO && byte <= NINE) || (letter >= 0x61 && letter <= 0x66)
}

/** The last byte of an escape whose backslash is at `at`. */
function endOfEscape(bytes: Uint8Array, at: number): number {
  escapes++
  const letter = bytes[at + 1] as number
  if (ESCAPES.has(letter)) return at + 1
  if (letter !== 0x75 /* u */) return NO
  for (let i = at + 2; i < at + 6; i++) if (!isHex(bytes[i])) return NO
  return at + 5
}

function afterString(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] !== QUOTE) return NO
  for (let i = at + 1; i < end; i++) {
    const byte = bytes[i] as number
    if (byte === QUOTE) return i + 1
    if (byte < SPACE) return NO
    if (byte === BACKSLASH) {
      i = endOfEscape(bytes, i)
      if (i === NO) return NO
    }
  }
  return NO
}

function afterDigits(bytes: Uint8Array, at: number): number {
  let i = at
  while ((bytes[i] as number) >= ZERO && (bytes[i] as number) <= NINE) i++
  return i === at ? NO : i
}

function afterExponent(bytes: Uint8Array, at: number): number {
  const signed = bytes[at] === PLUS || bytes[at] === MINUS
  return afterDigits(bytes, signed ? at + 1 : at)
}

function afterNumber(bytes: Uint8Array, at: number): number {
  const start = bytes[at] === MINUS ? at + 1 : at
  let i = bytes[start] === ZERO ? start + 1 : afterDigits(bytes, start)
  if (i !== NO && bytes[i] === POINT) i = afterDigits(bytes, i + 1)
  return i !== NO && (bytes[i] === 0x65 || bytes[i] === 0x45) ? afterExponent(bytes, i + 1) : i
}

/** The items of an array from behind its bracket on, and its closing one. */
function afterItems(bytes: Uint8Array, at: number, end: number, depth: number): number {
  let i = afterSpace(bytes, at)
  if (bytes[i] === CLOSE_ARRAY) return i + 1
  while (i < end) {
    i = afterValue(bytes, i, end, depth)
    if (i < 0) return i
    if ((bytes[i] as number) <= SPACE) i = afterSpace(bytes, i)
    if (bytes[i] === CLOSE_ARRAY) return i + 1
    if (bytes[i] !== COMMA) return NO
    i++
  }
  return NO
}

function isSeqKey(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === SEQ_KEY.length && afterWord(bytes, start, SEQ_KEY) === end
}

/** The members of an object from `at` on, and its closing brace. */
function afterMembers(bytes: Uint8Array, at: number, end: number, depth: number): number {
  let i = at
  while (i < end) {
    const key = i
    const escapesBefore = escapes
    i = afterString(bytes, i, end)
    if (i === NO) return NO
    // An escape can spell anything; what it spells is left to `JSON.parse`.
    if (depth === 0 && (escapes > escapesBefore || isSeqKey(bytes, key, i))) hasSecondSeq = true
    if (bytes[i] !== COLON) {
      i = afterSpace(bytes, i)
      if (bytes[i] !== COLON) return NO
    }
    i = afterValue(bytes, i + 1, end, depth)
    if (i < 0) return i
    if ((bytes[i] as number) <= SPACE) i = afterSpace(bytes, i)
    if (bytes[i] === CLOSE_OBJECT) return i + 1
    if (bytes[i] !== COMMA) return NO
    i++
    if ((bytes[i] as number) <= SPACE) i = afterSpace(bytes, i)
  }
  return NO
}

function afterValue(bytes: Uint8Array, at: number, end: number, depth: number): number {
  switch (bytes[at]) {
    case QUOTE:
      return afterString(bytes, at, end)
    case OPEN_OBJECT: {
      if (depth >= MAX_DEPTH) return CANNOT_TELL
      const first = afterSpace(bytes, at + 1)
      return bytes[first] === CLOSE_OBJECT ? first + 1 : afterMembers(bytes, first, end, depth + 1)
    }
    case OPEN_ARRAY:
      return depth >= MAX_DEPTH ? CANNOT_TELL : afterItems(bytes, at + 1, end, depth + 1)
    case TRUE[0]:
      return afterWord(bytes, at, TRUE)
    case FALSE[0]:
      return afterWord(bytes, at, FALSE)
    case NULL[0]:
      return afterWord(bytes, at, NULL)
    case SPACE:
    case LINE_FEED:
    case RETURN:
    case TAB:
      return afterValue(bytes, afterSpace(bytes, at), end, depth)
    default:
      return afterNumber(bytes, at)
  }
}

/** `afterSpace`, but that a read beyond the last byte would make every read of it slow. */
function afterTrailingSpace(json: Uint8Array, at: number): number {
  return at < json.length ? afterSpace(json, at) : at
}

/** Where the digits of a leading seq start, or NO. */
function startOfSeq(json: Uint8Array): number {
  const plain = afterWord(json, 0, PLAIN_START)
  if (plain !== NO) return afterSpace(json, plain)
  const brace = afterSpace(json, 0)
  if (json[brace] !== OPEN_OBJECT) return NO
  const key = afterWord(json, afterSpace(json, brace + 1), SEQ_KEY)
  const colon = key === NO ? NO : afterSpace(json, key)
  return json[colon] === COLON ? afterSpace(json, colon + 1) : NO
}

function integer(json: Uint8Array, start: number, end: number): bigint {
  if (end - start > EXACT_DIGITS) {
    return BigInt(Buffer.from(json.buffer, json.byteOffset + start, end - start).toString('latin1'))
  }
  let value = 0
  for (let i = start; i < end; i++) value = value * 10 + ((json[i] as number) - ZERO)
  return BigInt(value)
}

/**
 * The seq in a frame's JSON, or why there is none, or undefined where only `JSON.parse` can tell: of
 * values nested very deep, and of JSON that may have a second seq. It builds no values and throws
 * nothing, so that a log full of frames that are none is read as fast as any other. What it says
 * `JSON.parse` says; that the bytes are UTF-8 is left to the caller.
 */
export function quickSeq(json: Uint8Array): bigint | NoEntry | undefined {
  const start = startOfSeq(json)
  if (start === NO) return 'it does not start with a seq'
  const end = json[start] === ZERO ? start + 1 : afterDigits(json, start)
  if (end === NO || end - start > MAX_DIGITS) return 'it does not start with a seq'
  const next = afterSpace(json, end)
  if (json[next] !== COMMA && json[next] !== CLOSE_OBJECT) return 'it does not start with a seq'
  hasSecondSeq = false
  const after =
    json[next] === CLOSE_OBJECT
      ? next + 1
      : afterMembers(json, afterSpace(json, next + 1), json.length, 0)
  if (after === CANNOT_TELL) return undefined
  if (after === NO || afterTrailingSpace(json, after) !== json.length) return 'it is not JSON'
  return hasSecondSeq ? undefined : integer(json, start, end)
}
