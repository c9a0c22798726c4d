import { join } from 'node:path'
import writeAtomic from 'fast-write-atomic'
import { readIfThere } from '../read-if-there.mjs'

/** A file that fast-write-atomic replaces. */
export function open(directory) {
  const path = join(directory, 'file')
  return {
    replace: (content) => writeAtomic.promise(path, Buffer.from(content)),
    read: () => readIfThere(path),
    close() {},
  }
}
