import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { bytesOf } from './name-bytes.ts'
import type { Entry } from './rebuild.ts'

/**
 * Makes all that `tree` has in a folder that is empty, but pipes and sockets; a file of several names becomes several
 * files. Throws the operating system's error.
 */
export function writeTree(folder: string, tree: ReadonlyMap<string, Entry>): void {
  const at = (path: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), bytesOf(path)])
  const inOrder = [...tree].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [path, entry] of inOrder) {
    if (entry.is === 'directory') mkdirSync(at(path))
    else if (entry.is === 'file') writeFileSync(at(path), entry.content)
    else if (entry.is === 'link') symlinkSync(bytesOf(entry.to), at(path))
  }
  // Last of all, for nothing can be put where nothing may be written.
  for (const [path, entry] of inOrder)
    if ('mode' in entry && entry.is !== 'pipe' && entry.is !== 'socket')
      chmodSync(at(path), entry.mode)
}
