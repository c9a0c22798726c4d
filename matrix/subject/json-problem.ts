const SPACE = /[ \t\n\r]*/y
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
/** Of the controls, JSON forbids those below the space only. */
const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/uy
const MAX_DEPTH = 100

/** What is wrong with a text that should be JSON, and where; both are counted from 1. */
export interface JsonProblem {
  line: number
  column: number
  /** In words, such as `a value must stand there, and not }`. */
  what: string
}

/** Leaves the scan at the first problem. */
class Wrong extends Error {
  readonly at: number

  constructor(at: number, what: string) {
    super(what)
    this.at = at
  }
}

class Scan {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  all(): void {
    this.#value(0)
    this.#match(SPACE)
    if (this.#at < this.#text.length) throw this.#expected('the end of the file')
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? null
    this.#at += found?.length ?? 0
    return found
  }

  /** The next character that is no space. */
  #next(): string {
    this.#match(SPACE)
    return this.#text[this.#at] ?? ''
  }

  #expected(what: string): Wrong {
    const rest = this.#text.slice(this.#at)
    if (rest === '') return new Wrong(this.#at, `${what} must stand there, and the file ends`)
    if (/^\/[/*]/.test(rest)) return new Wrong(this.#at, 'JSON has no comments')
    if (rest.startsWith("'")) return new Wrong(this.#at, 'JSON wants double quotation marks')
    const found = /^[\w$.+-]{1,20}/.exec(rest)?.[0] ?? [...rest.slice(0, 2)][0]
    return new Wrong(this.#at, `${what} must stand there, and not ${found}`)
  }

  #value(depth: number): void {
    if (depth > MAX_DEPTH) throw new Wrong(this.#at, 'it is nested too deeply')
    const next = this.#next()
    if (next === '{') this.#object(depth)
    else if (next === '[') this.#array(depth)
    else if (next === '"') this.#string()
    else if (this.#match(SCALAR) === null) throw this.#expected('a value')
  }

  #string(): string {
    const start = this.#at
    const found = this.#match(STRING) as string
    const next = this.#text[this.#at] ?? ''
    if (next === '"') {
      this.#at++
      return JSON.parse(`${found}"`)
    }
    if (next === '\\') throw new Wrong(this.#at, 'this escape is none of JSON')
    if (next === '' || next === '\n')
      throw new Wrong(start, 'this text has no closing quotation mark')
    throw new Wrong(this.#at, 'a control character must be written as an escape, such as \\t')
  }

  #array(depth: number): void {
    this.#at++
    if (this.#next() === ']') {
      this.#at++
      return
    }
    for (;;) {
      this.#value(depth + 1)
      const next = this.#next()
      if (next !== ',' && next !== ']') throw this.#expected('a comma or ]')
      this.#at++
      if (next === ']') return
    }
  }

  #object(depth: number): void {
    const keys = new Set<string>()
    this.#at++
    if (this.#next() === '}') {
      this.#at++
      return
    }
    for (;;) {
      if (this.#next() !== '"') throw this.#expected('a key in double quotation marks')
      const at = this.#at
      const key = this.#string()
      if (keys.size === keys.add(key).size)
        throw new Wrong(at, `${JSON.stringify(key)} stands twice`)
      if (this.#next() !== ':') throw this.#expected('a colon')
      this.#at++
      this.#value(depth + 1)
      const next = this.#next()
      if (next !== ',' && next !== '}') throw this.#expected('a comma or }')
      this.#at++
      if (next === '}') return
    }
  }
}

/**
 * What is wrong with a text as JSON, with the line and column that `JSON.parse` does not tell in every Node; null
 * when nothing is. A key that stands twice in an object is wrong, too: `JSON.parse` keeps the last one silently.
 */
export function jsonProblem(text: string): JsonProblem | null {
  try {
    new Scan(text).all()
    return null
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    const before = text.slice(0, error.at).split('\n')
    const column = [...(before.at(-1) ?? '')].length + 1
    return { line: before.length, column, what: error.message }
  }
}
