import '../steno/sync-written-files.mjs'
import { join } from 'node:path'
import { Low } from 'lowdb'
import { JSONFile } from 'lowdb/node'

/** A store in lowdb's JSON file, which holds a list of pairs: an object would not take every key. */
export async function open(directory) {
  const db = new Low(new JSONFile(join(directory, 'db.json')), [])
  await db.read()
  const write = (pairs) => {
    db.data = [...pairs]
    return db.write()
  }
  return {
    put: (key, value) => write(new Map(db.data).set(key, value)),
    delete: (key) => write(db.data.filter((pair) => pair[0] !== key)),
    read: () => db.data,
    close() {},
  }
}
