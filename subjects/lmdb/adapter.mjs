import { open as openLmdb } from 'lmdb'

const waitsForFlush = process.env.WAIT_FOR === 'flushed'

/** A store in an LMDB environment; each change is a transaction of its own. */
export function open(directory) {
  const db = openLmdb({ path: directory, noSubdir: false, encoding: 'string' })
  const made = async (change) => {
    await change
    if (waitsForFlush) await db.flushed
  }
  return {
    put: (key, value) => made(db.put(key, value)),
    delete: (key) => made(db.remove(key)),
    read: () => Array.from(db.getRange(), ({ key, value }) => [key, value]),
    close: () => db.close(),
  }
}
