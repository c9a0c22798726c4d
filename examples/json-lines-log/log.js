import * as fs from 'node:fs'
import { join } from 'node:path'

const NEWLINE = 10

function sync(path) {
  const file = fs.openSync(path, 'r')
  fs.fsyncSync(file)
  fs.closeSync(file)
}

/** A log: a line of JSON an entry, each synced before it is acknowledged. */
export function open(directory) {
  const file = fs.openSync(join(directory, 'log.jsonl'), fs.constants.O_RDWR | fs.constants.O_CREAT)
  const bytes = fs.readFileSync(file)
  // What no newline ends was never acknowledged: half of it is cut off, so that the next entry begins a line.
  let end = bytes.lastIndexOf(NEWLINE) + 1
  const entries = bytes
    .subarray(0, end)
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  let broken = null

  const cutBack = () => {
    fs.ftruncateSync(file, end)
    fs.fsyncSync(file)
  }

  if (end < bytes.length) cutBack()
  sync(directory) // Else a power cut can take the name of a new file away.

  return {
    append(entry) {
      if (broken !== null) throw broken
      const line = Buffer.from(`${JSON.stringify(entry)}\n`)
      try {
        for (let done = 0; done < line.length; ) {
          done += fs.writeSync(file, line, done, line.length - done, end + done)
        }
        fs.fsyncSync(file)
      } catch (error) {
        // A disk that is full leaves half a line. Where not even the cut succeeds, nothing more is acknowledged.
        broken = error
        cutBack()
        broken = null
        throw error
      }
      end += line.length
      entries.push(entry)
    },
    read: () => entries,
    close: () => fs.closeSync(file),
  }
}
