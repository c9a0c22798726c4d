import { ClassicLevel } from 'classic-level'

const options = { sync: process.env.SYNC === 'true' }

/** A store in a LevelDB database. */
export async function open(directory) {
  const db = new ClassicLevel(directory)
  await db.open()
  return {
    put: (key, value) => db.put(key, value, options),
    delete: (key) => db.del(key, options),
    read: () => db.iterator().all(),
    close: () => db.close(),
  }
}
