import { lstatSync, opendirSync } from 'node:fs'
import { join } from 'node:path'

/** What a recovery cut off and kept is named after the safe point behind which it stood. */
const KEPT_NAME = /^telemetry\.wal\.cut-\d{1,20}(\.\d{1,9})?$/

/** How many kept files a report names; the others are only counted. */
export const MOST_KEPT_FILES = 10

/** A file with what a recovery cut off. */
export interface KeptFile {
  name: string
  sizeBytes: number
}

/** The kept files in a log's directory: how many there are, and the first of them by name. Throws system errors. */
export function keptFilesIn(directory: string): { count: number; first: KeptFile[] } {
  let count = 0
  const first: KeptFile[] = []
  const entries = opendirSync(directory)
  try {
    for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
      const { name } = entry
      if (!KEPT_NAME.test(name)) continue
      const stats = lstatSync(join(directory, name), { throwIfNoEntry: false })
      if (!stats?.isFile()) continue
      count++
      first.push({ name, sizeBytes: stats.size })
      first.sort((a, b) => (a.name < b.name ? -1 : 1))
      first.splice(MOST_KEPT_FILES)
    }
  } finally {
    entries.closeSync()
  }
  return { count, first }
}
