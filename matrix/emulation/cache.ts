import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { execa } from 'execa'
import { freshPath, makeOwnedFolder, removeOwnedFolder } from '../../harness/owned/owned-folder.ts'
import { MachineError } from '../../harness/process/machine-error.ts'
import { makeDirectories } from '../../harness/process/make-directories.ts'
import { atExit } from '../at-exit.ts'

/** What the name of a folder begins with in which something for the cache is made. */
export const MAKING_PREFIX = '.making-'

/**
 * Where emulators, sysroots and the like are kept: `$XDG_CACHE_HOME/pullplug`, or `~/.cache/pullplug`
 * (XDG Base Directory Specification, which also says that a relative path is to be ignored).
 */
export function cacheDirectory(): string {
  const { XDG_CACHE_HOME = '' } = process.env
  return join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'pullplug')
}

/** The path of something in the cache, and whether it is there; what is there is whole. */
export function inCache(name: string): { path: string; isThere: boolean } {
  const path = join(cacheDirectory(), name)
  return { path, isThere: existsSync(path) }
}

/** Two that make the same thing at once both do it whole, and the first one's stays. */
function moveInto(made: string, path: string): void {
  try {
    renameSync(made, path)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!['ENOTEMPTY', 'EEXIST'].includes(code)) throw error
  }
}

/**
 * Has `make` fill a folder, and puts it into the cache by a rename, so that what has a name there is
 * whole. Nothing is left of one that fails. Throws what `make` does, and a `MachineError` when the
 * cache can't be written.
 */
export async function makeInCache(
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<void> {
  const cache = cacheDirectory()
  let workplace: string | undefined
  let callOff = (): void => {}
  try {
    makeDirectories(cache)
    workplace = makeOwnedFolder(freshPath(cache, MAKING_PREFIX), 'folder')
    callOff = atExit(() => removeOwnedFolder(workplace as string))
    const folder = join(workplace, 'made')
    mkdirSync(folder)
    await make(folder)
    await execa('sync', ['--file-system', folder], { reject: false })
    moveInto(folder, join(cache, name))
  } catch (cause) {
    const { code, path } = cause as NodeJS.ErrnoException
    if (code === undefined || !path?.startsWith(cache)) throw cause
    throw new MachineError(
      'BROKEN',
      `the cache ${cache} cannot be written: ${(cause as Error).message}`,
      'Free some space there, or set XDG_CACHE_HOME to a directory of yours on a larger disk.',
      { cause },
    )
  } finally {
    callOff()
    if (workplace !== undefined) removeOwnedFolder(workplace)
  }
}
