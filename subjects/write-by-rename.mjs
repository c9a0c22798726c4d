import { rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Replaces a file as a whole: what could not be written stands beside it, under a name that begins with a dot. */
export async function writeByRename(path, text) {
  const beside = join(dirname(path), `.${basename(path)}.new`)
  await writeFile(beside, text)
  await rename(beside, path)
}
