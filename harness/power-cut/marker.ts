import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A file beside the subject's directory that nobody ever syncs: what is written to it may be lost. */
export const MARKER_FILE = 'marker'

const textOf = (entry: number): string => `written after entry ${entry}, and never synced`

/** Writes the marker for so many entries. In place: a file system may flush what was emptied first. */
export function writeMarker(root: string, entry: number): void {
  const file = openSync(join(root, MARKER_FILE), constants.O_RDWR | constants.O_CREAT)
  try {
    writeSync(file, textOf(entry), 0)
  } finally {
    closeSync(file)
  }
}

/** Whether the marker for so many entries is there; one that can't be read is not known to be gone. */
export function hasMarker(root: string, entry: number): boolean {
  try {
    return readFileSync(join(root, MARKER_FILE), 'utf8').startsWith(textOf(entry))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}
