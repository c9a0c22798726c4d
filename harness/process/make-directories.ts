import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Makes one, and says whether it did: somebody else may have meanwhile. */
function makeOne(path: string, mode: number): boolean {
  try {
    mkdirSync(path, { mode })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path)
  } catch {
    // Somebody has put something into it.
  }
}

/**
 * Makes a directory and those above it that are missing; when one can't be made, none stays. Node's own
 * recursive mkdir never returns where the system refuses with ENOENT although the parent is there, as it
 * does below /proc. Throws the operating system's error.
 */
export function makeDirectories(path: string, mode = 0o777): void {
  const missing: string[] = []
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.push(at)
  const made: string[] = []
  try {
    for (const each of missing.reverse()) if (makeOne(each, mode)) made.push(each)
  } catch (error) {
    for (const each of made.reverse()) removeEmpty(each)
    throw error
  }
  if (statSync(path).isDirectory()) return
  throw Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${path}'`), { code: 'ENOTDIR' })
}
