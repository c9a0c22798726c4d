import { isUtf8 } from 'node:buffer'
import { CannotRead } from './cannot-read.ts'
import { type ReadOptions, readBounded } from './read-bounded.ts'

/** Bytes as the text that they are in UTF-8. Throws `CannotRead` on what is none, and on a byte order mark. */
export function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new CannotRead('is not UTF-8')
  const text = bytes.toString('utf8')
  if (text.startsWith('\uFEFF')) throw new CannotRead('begins with a byte order mark')
  return text
}

/** Reads a file of text. Throws as `readBounded` and `textOf` do. */
export function readText(path: string, options: ReadOptions): string {
  return textOf(readBounded(path, options))
}
