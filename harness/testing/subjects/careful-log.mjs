import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A log of JSON lines that believes no error to be over: it says so to every later append, until it is opened again, and
 * what an append left torn is cut back then.
 */
export function open(directory) {
  const path = join(directory, 'log')
  const file = openSync(path, 'a+')
  let broken = null
  const orBroken = (act) => {
    try {
      return act()
    } catch (error) {
      broken = error
      throw error
    }
  }
  try {
    ftruncateSync(file, readFileSync(path).lastIndexOf('\n') + 1)
    fsyncSync(file)
    const folder = openSync(directory)
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
  return {
    append(entry) {
      if (broken !== null) throw new Error('open it again', { cause: broken })
      const bytes = Buffer.from(`${JSON.stringify(entry)}\n`)
      orBroken(() => {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
        fsyncSync(file)
      })
    },
    read: () =>
      readFileSync(path, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    close: () => closeSync(file),
  }
}
