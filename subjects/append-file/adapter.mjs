import { appendFile, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'

/** The bytes of a file; none where there is none. */
async function bytesOf(path) {
  try {
    return await readFile(path)
  } catch (error) {
    if (error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

/** A log of JSON lines that are appended by fs.appendFile; CUT_TAIL cuts off a last line that does not end. */
export async function open(directory) {
  const path = join(directory, 'log.jsonl')
  if (process.env.CUT_TAIL === 'true') {
    const bytes = await bytesOf(path)
    const wholeBytes = bytes.lastIndexOf('\n') + 1
    if (wholeBytes < bytes.length) await truncate(path, wholeBytes)
  }
  return {
    append: (entry) => appendFile(path, `${JSON.stringify(entry)}\n`),
    async read() {
      const lines = (await bytesOf(path)).toString().split('\n')
      return lines.slice(0, -1).map((line) => JSON.parse(line))
    },
    close() {},
  }
}
