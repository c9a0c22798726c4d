import './sync-written-files.mjs'
import { join } from 'node:path'
import { Writer } from 'steno'
import { readIfThere } from '../read-if-there.mjs'

/** A file that a steno Writer replaces. */
export function open(directory) {
  const path = join(directory, 'file')
  const writer = new Writer(path)
  return {
    replace: (content) => writer.write(content),
    read: () => readIfThere(path),
    close() {},
  }
}
