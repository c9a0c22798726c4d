import nodePersist from 'node-persist'
import { writeByRename } from '../write-by-rename.mjs'

/** node-persist takes no empty key. */
const keyOf = (key) => `key ${key}`

/** A store of node-persist: a file for each key; WRITE_BY_RENAME replaces a file as a whole. */
export async function open(directory) {
  const storage = nodePersist.create({ dir: directory })
  if (process.env.WRITE_BY_RENAME === 'true') {
    storage.writeFile = (file, datum) => writeByRename(file, storage.stringify(datum))
  }
  await storage.init()
  return {
    put: (key, value) => storage.setItem(keyOf(key), { key, value }),
    delete: (key) => storage.removeItem(keyOf(key)),
    read: async () => (await storage.values()).map(({ key, value }) => [key, value]),
    close: () => storage.stopWriteQueueInterval(),
  }
}
