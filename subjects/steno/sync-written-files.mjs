import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/** With SYNC_FILES=true whatever writes a file by fs/promises' writeFile syncs it before it goes on. */
if (process.env.SYNC_FILES === 'true') {
  const { writeFile } = fs.promises
  fs.promises.writeFile = (path, data, encoding) => writeFile(path, data, { encoding, flush: true })
  syncBuiltinESMExports()
}
