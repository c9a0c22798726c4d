import { open } from 'lmdb'

// Makes an environment in the directory that is its argument, with two flushed transactions that leave it empty.
const db = open({ path: process.argv[2], noSubdir: false, encoding: 'string' })
await db.put('key', 'value')
await db.flushed
await db.remove('key')
await db.flushed
await db.close()
