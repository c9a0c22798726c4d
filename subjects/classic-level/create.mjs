import { ClassicLevel } from 'classic-level'

// Creates an empty database in the directory that is its argument.
const db = new ClassicLevel(process.argv[2])
await db.open()
await db.close()
