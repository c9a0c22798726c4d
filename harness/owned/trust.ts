import { lstatSync } from 'node:fs'
import { makeDirectories } from '../process/make-directories.ts'
import { userIdOutside } from '../process/user-namespace.ts'

/** This user's number, by which places are named: the same inside of a user namespace as outside. */
export const userId = (): number => userIdOutside()

/**
 * Why a directory (canonical) must not be trusted, in words; null when it may. Where others can write, they
 * could put a link in place of what is about to be mounted on, or removed.
 */
export function whyNotTrusted(directory: string): string | null {
  const stat = lstatSync(directory)
  if (!stat.isDirectory()) return 'it is not a directory'
  if (stat.uid !== (process.getuid?.() ?? 0)) return `it belongs to user ${stat.uid}`
  if ((stat.mode & 0o022) !== 0) return 'others can write to it'
  return null
}

/** Makes a directory for this user alone, unless it is there. Throws an `Error` when it can't be trusted. */
export function makeTrusted(directory: string): string {
  makeDirectories(directory, 0o700)
  const distrust = whyNotTrusted(directory)
  if (distrust !== null) throw new Error(`${directory}: ${distrust}`)
  return directory
}
