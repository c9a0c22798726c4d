import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cutTail } from '../cut-tail.mjs'
import { readIfThere } from '../read-if-there.mjs'

/** A log of JSON lines that are appended by fs.appendFile; CUT_TAIL cuts off a last line that does not end. */
export async function open(directory) {
  const path = join(directory, 'log.jsonl')
  if (process.env.CUT_TAIL === 'true') await cutTail(path)
  return {
    append: (entry) => appendFile(path, `${JSON.stringify(entry)}\n`),
    read() {
      const lines = (readIfThere(path) ?? '').split('\n')
      return lines.slice(0, -1).map((line) => JSON.parse(line))
    },
    close() {},
  }
}
