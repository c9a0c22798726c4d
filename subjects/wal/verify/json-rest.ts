/**
 * Reads the rest of a JSON object from behind one of its values, byte by byte and without recursion:
 * nothing is built, nothing thrown, and nothing grows but a bit of memory for how deep it is nested.
 */

const OBJECT = 0x7d // }
const ARRAY = 0x5d // ]
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c

/** What each byte may be: a letter behind a backslash, a hexadecimal digit, white space. */
const ESCAPE = 1
const HEX = 2
const WHITE = 4
const KINDS = new Uint8Array(256)
for (const byte of Buffer.from('"\\/bfnrtu')) KINDS[byte] = ESCAPE
for (const byte of Buffer.from('0123456789abcdefABCDEF')) KINDS[byte] = (KINDS[byte] ?? 0) | HEX
for (const byte of Buffer.from(' \t\n\r')) KINDS[byte] = WHITE
const isKind = (byte: number | undefined, kind: number): boolean =>
  byte !== undefined && ((KINDS[byte] as number) & kind) !== 0

const LITERALS = ['true', 'false', 'null'].map((word) => Buffer.from(word))
const SEQ = Buffer.from('seq')

const enough = (stack: Uint8Array, depth: number): Uint8Array => {
  if (depth < stack.length) return stack
  const larger = new Uint8Array(stack.length * 2)
  larger.set(stack)
  return larger
}

/** A cursor over the bytes of one object at a time; it is used again for the next. */
export class JsonRest {
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  #end = 0
  /** The closing bracket of each value that is open. */
  #open: Uint8Array = new Uint8Array(64)
  /** A byte beyond ASCII has been seen, so that the bytes must be UTF-8 as a whole. */
  beyondAscii = false
  /** The text of the last number under a second `seq`, or '' where something else is; null without one. */
  secondSeq: string | null = null

  /** Whether the bytes from `at`, behind a value of the outermost object, to `end` are its rest. */
  isRest(bytes: Uint8Array, at: number, end: number): boolean {
    this.#bytes = bytes
    this.#at = at
    this.#end = end
    this.beyondAscii = false
    this.secondSeq = null
    this.#open[0] = OBJECT
    let depth = 1
    for (;;) {
      this.#skipWhite()
      const closing = this.#open[depth - 1] as number
      const byte = this.#next()
      if (byte === closing) {
        depth--
        if (depth > 0) continue
        this.#skipWhite()
        return this.#at === this.#end
      }
      if (byte !== COMMA) return false
      this.#skipWhite()
      // Each value that opens is entered here, so that the loop sees what follows a value only.
      let entered = depth
      do {
        depth = entered
        if (this.#open[depth - 1] === OBJECT && !this.#key(depth)) return false
        entered = this.#value(depth)
        if (entered < 0) return false
      } while (entered > depth)
    }
  }

  /** The byte that comes next, which is then behind; undefined at the end. */
  #next(): number | undefined {
    return this.#at < this.#end ? this.#bytes[this.#at++] : undefined
  }

  #skipWhite(): void {
    while (this.#at < this.#end && isKind(this.#bytes[this.#at], WHITE)) this.#at++
  }

  /** Reads a key and its colon; a second seq of the outermost object is noted. */
  #key(depth: number): boolean {
    const start = this.#at
    if (!this.#string()) return false
    const end = this.#at
    this.#skipWhite()
    if (this.#next() !== COLON) return false
    this.#skipWhite()
    if (depth === 1 && this.#isSeq(start, end)) {
      this.secondSeq = this.#numberAhead()
    }
    return true
  }

  #text(start: number, end: number): string {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start).toString()
  }

  /** Whether a key spells `seq`, with or without escapes. */
  #isSeq(start: number, end: number): boolean {
    const bytes = this.#bytes
    let at = start + 1
    for (const letter of SEQ) {
      if (bytes[at] === letter) at++
      else if (bytes[at] === BACKSLASH && this.#codeAt(at) === letter) at += 6
      else return false
    }
    return at === end - 1
  }

  /** The code of a \u escape that is known to be one; NaN of any other. */
  #codeAt(at: number): number {
    if (this.#bytes[at + 1] !== 0x75) return Number.NaN
    let code = 0
    for (let i = at + 2; i < at + 6; i++) {
      const digit = this.#bytes[i] as number
      // Of a letter, the low bits count from 1.
      code = code * 16 + (digit > 0x39 ? (digit & 0x0f) + 9 : digit - 0x30)
    }
    return code
  }

  /** The text of the number that comes next, or '' where none does; it stays where it is. */
  #numberAhead(): string {
    const start = this.#at
    const end = this.#number() ? this.#at : start
    this.#at = start
    return this.#text(start, end)
  }

  /** Reads a value, or enters it: the depth behind it, or -1. An empty array or object is none to enter. */
  #value(depth: number): number {
    const byte = this.#bytes[this.#at]
    if (this.#at >= this.#end) return -1
    if (byte === QUOTE) return this.#string() ? depth : -1
    if (byte !== 0x7b && byte !== 0x5b) return this.#literal() || this.#number() ? depth : -1
    this.#at++
    this.#skipWhite()
    const closing = byte === 0x7b ? OBJECT : ARRAY
    if (this.#at < this.#end && this.#bytes[this.#at] === closing) {
      this.#at++
      return depth
    }
    this.#open = enough(this.#open, depth)
    this.#open[depth] = closing
    return depth + 1
  }

  #string(): boolean {
    if (this.#next() !== QUOTE) return false
    const bytes = this.#bytes
    const end = this.#end
    let i = this.#at
    while (i < end) {
      const byte = bytes[i] as number
      if (byte === QUOTE) {
        this.#at = i + 1
        return true
      }
      if (byte < 0x20) return false
      if (byte > 0x7f) this.beyondAscii = true
      if (byte === BACKSLASH) {
        i = this.#escape(i)
        if (i < 0) return false
      } else i++
    }
    return false
  }

  /** Where the escape at `at` ends, or -1. */
  #escape(at: number): number {
    const letter = this.#bytes[at + 1]
    if (at + 1 >= this.#end || !isKind(letter, ESCAPE)) return -1
    if (letter !== 0x75) return at + 2
    if (at + 6 > this.#end) return -1
    for (let i = at + 2; i < at + 6; i++) if (!isKind(this.#bytes[i], HEX)) return -1
    return at + 6
  }

  #literal(): boolean {
    const bytes = this.#bytes
    const at = this.#at
    const literal = LITERALS.find(
      (word) =>
        at + word.length <= this.#end && word.every((letter, i) => bytes[at + i] === letter),
    )
    if (literal === undefined) return false
    this.#at += literal.length
    return true
  }

  #digits(): boolean {
    const start = this.#at
    while (this.#at < this.#end) {
      const byte = this.#bytes[this.#at] as number
      if (byte < 0x30 || byte > 0x39) break
      this.#at++
    }
    return this.#at > start
  }

  /** Goes beyond the byte that comes next if it is one of these. */
  #oneOf(...wanted: number[]): boolean {
    if (this.#at >= this.#end || !wanted.includes(this.#bytes[this.#at] as number)) return false
    this.#at++
    return true
  }

  #number(): boolean {
    this.#oneOf(0x2d)
    if (!this.#oneOf(0x30) && !this.#digits()) return false
    if (this.#oneOf(0x2e) && !this.#digits()) return false
    if (!this.#oneOf(0x65, 0x45)) return true
    this.#oneOf(0x2b, 0x2d)
    return this.#digits()
  }
}
