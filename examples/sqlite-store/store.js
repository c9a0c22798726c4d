import { join } from 'node:path'
import Database from 'libsql'

/** A store in one table of SQLite. */
export function open(directory) {
  const database = new Database(join(directory, 'store.db'))
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec('CREATE TABLE IF NOT EXISTS pairs (key TEXT PRIMARY KEY, value TEXT NOT NULL)')
  const remove = database.prepare('DELETE FROM pairs WHERE key = ?')
  const replace = database.prepare('REPLACE INTO pairs VALUES (?, ?)')
  const all = database.prepare('SELECT key, value FROM pairs')
  return {
    put: (key, value) => void replace.run(key, value),
    delete: (key) => void remove.run(key),
    read: () => all.all().map(({ key, value }) => [key, value]),
    close: () => void database.close(),
  }
}
