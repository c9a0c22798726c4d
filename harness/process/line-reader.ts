import type { Readable } from 'node:stream'

/**
 * Calls `onLine` with each line of a stream, without its newline, and `onOverlong` once a line passes
 * `maxChars`; from then on nothing more is read. Returns what gives the line that has not ended yet.
 */
export function readLines(
  stream: Readable,
  maxChars: number,
  onLine: (line: string) => void,
  onOverlong: () => void,
): () => string {
  let parts: string[] = []
  let chars = 0
  const onData = (chunk: string): void => {
    let from = 0
    for (;;) {
      const end = chunk.indexOf('\n', from)
      const part = end < 0 ? chunk.slice(from) : chunk.slice(from, end)
      chars += part.length
      if (chars > maxChars) {
        stream.off('data', onData)
        parts = []
        onOverlong()
        return
      }
      parts.push(part)
      if (end < 0) return
      const line = parts.join('')
      parts = []
      chars = 0
      from = end + 1
      onLine(line)
    }
  }
  stream.setEncoding('utf8').on('data', onData)
  return () => parts.join('')
}
