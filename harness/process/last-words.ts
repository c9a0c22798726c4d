import type { Readable } from 'node:stream'

const KEPT_CHARS = 16_384
const SHOWN_CHARS = 400

/** A line that names what went wrong: of Node, Python, Java, Go, Rust, sanitizers, and whoever writes in that way. */
const NAMES_ERROR =
  /^(uncaught |fatal\b|error\b|panic\b|thread '.*' panicked|exception in |==\d+==\s*error|[\w.$]*(error|exception)\b)/i

/** The end of what a process writes to its standard error, or wherever it complains. */
export class LastWords {
  #text = ''

  listenTo(stream: Readable): void {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      this.#text = (this.#text + chunk).slice(-KEPT_CHARS)
    })
  }

  /**
   * What went wrong, as far as it says so: the last line that names an error, without the stack around it, or the
   * last lines. Empty where it said nothing.
   */
  toString(): string {
    const lines = this.#text.split('\n').filter((line) => line.trim() !== '')
    const at = lines.findLastIndex((line) => NAMES_ERROR.test(line))
    // Rust says where it panicked, and on the next line why.
    const named = lines.slice(at, lines[at]?.endsWith(':') ? at + 2 : at + 1)
    if (at >= 0) return named.join('\n').slice(0, SHOWN_CHARS)
    const shown: string[] = []
    for (let chars = 0; lines.length > 0; ) {
      const line = lines.pop() as string
      chars += line.length + 1
      if (chars > SHOWN_CHARS && shown.length > 0) break
      shown.unshift(line.slice(-SHOWN_CHARS))
    }
    return shown.join('\n')
  }

  /** The same behind a colon, to end a sentence. */
  behindColon(): string {
    const words = this.toString().trim()
    return words === '' ? '' : `: ${words}`
  }
}
