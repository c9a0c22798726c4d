import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { JsonlDB as Version1 } from 'jsonl-db-1'
import { JsonlDB as Version2 } from 'jsonl-db-2'
import { JsonlDB as Version4 } from 'jsonl-db-4'
import { cutTail } from '../cut-tail.mjs'

const { VERSION, REMOVE_LOCK } = process.env
const JsonlDB = { 1: Version1, 2: Version2, 4: Version4 }[VERSION]

/** A store of jsonl-db. Nothing tells when a change is written but a compression, which each change ends with. */
export async function open(directory) {
  const path = join(directory, 'store.jsonl')
  // Nobody else opens this directory: a lock that is there is of a process that is gone.
  if (REMOVE_LOCK === 'true') rmSync(`${path}.lock`, { recursive: true, force: true })
  await cutTail(path)
  const db = new JsonlDB(path)
  await db.open()
  return {
    async put(key, value) {
      db.set(key, value)
      await db.compress()
    },
    async delete(key) {
      db.delete(key)
      await db.compress()
    },
    read: () => db.entries(),
    close: () => db.close(),
  }
}
