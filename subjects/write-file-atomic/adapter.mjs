import '../write-all.mjs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { readIfThere } from '../read-if-there.mjs'
import { syncDirectory } from '../sync-directory.mjs'

/** A file that write-file-atomic replaces; SYNC_DIRECTORY adds the sync that it leaves out. */
export function open(directory) {
  const path = join(directory, 'file')
  return {
    async replace(content) {
      await writeFileAtomic(path, content)
      if (process.env.SYNC_DIRECTORY === 'true') syncDirectory(directory)
    },
    read: () => readIfThere(path),
    close() {},
  }
}
