import { type Dirent, opendirSync } from 'node:fs'
import { CannotRead } from './cannot-read.ts'

const AT_ONCE = 256

/** Which entries of a directory are listed, and how many there may be of them. */
export interface ListOptions {
  maxEntries: number
  /** Those that count; the others are passed over and take no memory. */
  wanted?: (name: string) => boolean
}

/**
 * The entries of a directory, in no order. One that holds more than `maxEntries` is not listed: throws
 * `CannotRead`, and system errors.
 */
export function listBounded(path: string, { maxEntries, wanted }: ListOptions): Dirent[] {
  const entries: Dirent[] = []
  const directory = opendirSync(path, { bufferSize: AT_ONCE })
  try {
    for (;;) {
      const entry = directory.readSync()
      if (entry === null) return entries
      if (wanted?.(entry.name) === false) continue
      if (entries.length === maxEntries) {
        throw new CannotRead(`holds more than ${maxEntries} entries`)
      }
      entries.push(entry)
    }
  } finally {
    directory.closeSync()
  }
}
