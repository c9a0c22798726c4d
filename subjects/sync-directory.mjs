import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Makes the names in a directory durable. */
export function syncDirectory(path) {
  const directory = openSync(path)
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
