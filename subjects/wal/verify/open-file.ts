import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs'

/** Something that is no file stands where one is to be read; the message says what. */
export class NotAFile extends Error {
  override readonly name = 'NotAFile'
}

function whatIs(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory'
  if (stats.isSymbolicLink()) return 'a link'
  if (stats.isFIFO()) return 'a pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}

/** Throws `NotAFile` where something else stands at the path; false where nothing does. */
export function isFileThere(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats !== undefined && !stats.isFile()) throw new NotAFile(`${path} is ${whatIs(stats)}`)
  return stats !== undefined
}

/**
 * Calls `use` with the file at the path and its size, or returns undefined where nothing stands there.
 * It follows no link and waits for no pipe: throws `NotAFile`, or a system error.
 */
export function withFile<T>(
  path: string,
  use: (file: number, sizeBytes: number) => T,
): T | undefined {
  if (!isFileThere(path)) return undefined
  // What has taken the file's place since is refused by the kernel, or found out below.
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) throw new NotAFile(`${path} is ${whatIs(stats)}`)
    return use(file, stats.size)
  } finally {
    closeSync(file)
  }
}
