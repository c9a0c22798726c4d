import './cut-back.mjs'
import { join } from 'node:path'
import Datastore from '@seald-io/nedb'

/** NeDB takes these for the ends of lines when it reads its file, and leaves them unescaped when it writes it. */
const escapeLineEnds = (line) =>
  line.replace(
    /[\u0085\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const hooks =
  process.env.ESCAPE_LINE_ENDS === 'true'
    ? { afterSerialization: escapeLineEnds, beforeDeserialization: (line) => line }
    : {}

const { CORRUPT_ALERT_THRESHOLD } = process.env
const threshold =
  CORRUPT_ALERT_THRESHOLD === undefined
    ? {}
    : { corruptAlertThreshold: Number(CORRUPT_ALERT_THRESHOLD) }

/** NeDB forgets a document whose _id is `__proto__`. */
const idOf = (key) => `key ${key}`

/** A store of documents whose _id is made of the key. */
export async function open(directory) {
  const db = new Datastore({ filename: join(directory, 'store.db'), ...hooks, ...threshold })
  await db.loadDatabaseAsync()
  return {
    put: (key, value) =>
      db.updateAsync({ _id: idOf(key) }, { _id: idOf(key), key, value }, { upsert: true }),
    delete: (key) => db.removeAsync({ _id: idOf(key) }),
    read: () => db.getAllData().map(({ key, value }) => [key, value]),
    close() {},
  }
}
