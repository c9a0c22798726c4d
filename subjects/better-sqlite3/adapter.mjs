import { join } from 'node:path'
import Database from 'better-sqlite3'

const { JOURNAL_MODE, SYNCHRONOUS } = process.env

/** A store in one table of an SQLite database; each change is a transaction of its own. */
export function open(directory) {
  const db = new Database(join(directory, 'store.db'))
  db.pragma(`journal_mode = ${JOURNAL_MODE}`)
  db.pragma(`synchronous = ${SYNCHRONOUS}`)
  db.exec('CREATE TABLE IF NOT EXISTS pairs (key TEXT PRIMARY KEY, value TEXT NOT NULL)')
  const put = db.prepare('INSERT OR REPLACE INTO pairs VALUES (?, ?)')
  const remove = db.prepare('DELETE FROM pairs WHERE key = ?')
  const all = db.prepare('SELECT key, value FROM pairs').raw()
  return {
    put: (key, value) => put.run(key, value),
    delete: (key) => remove.run(key),
    read: () => all.all(),
    close: () => db.close(),
  }
}
