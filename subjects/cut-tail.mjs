import { readFile, truncate } from 'node:fs/promises'

/** Cuts off a last line that does not end, which a kill within a write leaves. */
export async function cutTail(path) {
  try {
    const bytes = await readFile(path)
    const wholeBytes = bytes.lastIndexOf('\n') + 1
    if (wholeBytes < bytes.length) await truncate(path, wholeBytes)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}
