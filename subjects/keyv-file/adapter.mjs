import { createRequire } from 'node:module'
import { join } from 'node:path'
import { KeyvFile } from 'keyv-file'
import { writeByRename } from '../write-by-rename.mjs'

const isCured = process.env.WRITE_BY_RENAME === 'true'

/** What keyv-file does with an error of a file: it prints it, and goes on with an empty store. */
if (isCured) {
  const itsErrors = createRequire(import.meta.url)('keyv-file/lib/separated-file-store.js')
  itsErrors.handleIOError = (error) => {
    if (error.code !== 'ENOENT') throw error
  }
}

/** A store in keyv-file's one file; WRITE_BY_RENAME replaces it as a whole, and tells what can't be read. */
export function open(directory) {
  const filename = join(directory, 'store.json')
  const store = new KeyvFile({ filename, writeDelay: 0 })
  if (isCured) {
    store.saveToDisk = () => {
      const cache = [...store._data]
      return writeByRename(filename, store.opts.serialize({ cache, lastExpire: store._lastExpire }))
    }
  }
  return {
    put: (key, value) => store.set(key, value),
    delete: (key) => store.delete(key),
    async read() {
      const pairs = []
      for await (const pair of store.iterator()) pairs.push(pair)
      return pairs
    },
    close() {},
  }
}
