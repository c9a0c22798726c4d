import { open as openFile, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

async function sync(path, write) {
  const file = await openFile(path, write === undefined ? 'r' : 'w')
  if (write !== undefined) await file.writeFile(write)
  await file.sync()
  await file.close()
}

/** A file that is replaced by a rename; every method is async. */
export async function open(directory) {
  const path = join(directory, 'file')
  return {
    async replace(content) {
      await sync(`${path}.tmp`, content)
      await rename(`${path}.tmp`, path)
      await sync(directory)
    },
    read: () => readFile(path, 'utf8').catch(() => null),
    async close() {},
  }
}
