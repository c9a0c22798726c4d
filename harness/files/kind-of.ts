import type { Dirent, Stats } from 'node:fs'

/** What stands at a path, in words: `a file`, `a directory`, `a link`, `a FIFO`, … */
export function kindOf(entry: Stats | Dirent): string {
  if (entry.isFile()) return 'a file'
  if (entry.isDirectory()) return 'a directory'
  if (entry.isSymbolicLink()) return 'a link'
  if (entry.isFIFO()) return 'a FIFO'
  if (entry.isSocket()) return 'a socket'
  if (entry.isCharacterDevice() || entry.isBlockDevice()) return 'a device'
  return 'of no known kind'
}
