import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A log of JSON lines: each append is written, synced, and cut back at opening where it is torn. */
export function open(directory) {
  const path = join(directory, 'log')
  const file = openSync(path, 'a+')
  ftruncateSync(file, readFileSync(path).lastIndexOf('\n') + 1)
  return {
    append(entry) {
      writeSync(file, `${JSON.stringify(entry)}\n`)
      fsyncSync(file)
    },
    read: () =>
      readFileSync(path, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    close: () => closeSync(file),
  }
}
