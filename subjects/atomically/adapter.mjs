import '../write-all.mjs'
import { join } from 'node:path'
import { writeFile } from 'atomically'
import { readIfThere } from '../read-if-there.mjs'

/** A file that atomically replaces. */
export function open(directory) {
  const path = join(directory, 'file')
  return {
    replace: (content) => writeFile(path, content),
    read: () => readIfThere(path),
    close() {},
  }
}
