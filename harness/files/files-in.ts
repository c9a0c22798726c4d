import { createHash } from 'node:crypto'
import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Regular files by their paths in a directory. */
export type Files = ReadonlyMap<string, Buffer>

function nothingIfGone<T>(read: () => T, nothing: T): T {
  try {
    return read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing
    throw error
  }
}

/**
 * The regular files below a directory, which may be missing; nothing else is opened. One that is removed meanwhile
 * is left out. Throws a system error.
 */
export function filesIn(directory: string): Map<string, Buffer> {
  const read = (): Dirent[] => readdirSync(directory, { recursive: true, withFileTypes: true })
  const files = new Map<string, Buffer>()
  for (const entry of nothingIfGone(read, [])) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = nothingIfGone(() => readFileSync(path), null)
    if (bytes !== null) files.set(relative(directory, path), bytes)
  }
  return files
}

/** A digest of files by their names and bytes. */
export function digestOfFiles(files: Files): string {
  const hash = createHash('sha1')
  for (const name of [...files.keys()].sort()) {
    const bytes = files.get(name) as Buffer
    hash.update(`${name}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('base64')
}

/**
 * The names of the files whose bytes are gone, in order: their own file no longer begins with them, and no other
 * one holds just them. So a new file, an appended line or another name destroys nothing.
 */
export function destroyedBetween(before: Files, after: Files): string[] {
  const isKept = (name: string, bytes: Buffer): boolean => {
    if (bytes.length === 0) return true
    const now = after.get(name)
    if (now?.subarray(0, bytes.length).equals(bytes) === true) return true
    return [...after.values()].some((other) => other.equals(bytes))
  }
  return [...before].flatMap(([name, bytes]) => (isKept(name, bytes) ? [] : name)).sort()
}
