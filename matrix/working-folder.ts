import { mkdirSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { freshPath, makeOwnedFolder, removeOwnedFolder } from '../harness/owned/owned-folder.ts'
import { MachineError } from '../harness/process/machine-error.ts'
import { atExit } from './at-exit.ts'

/** What the names of such folders begin with. */
export const WORKING_PREFIX = '.pullplug-'
const KEPT_PREFIX = 'pullplug-kept-'

/**
 * Makes a folder in the working directory, on whatever file system that is, and says in it who made
 * it. Throws a `MachineError`.
 */
export function makeWorkingFolder(): string {
  try {
    return makeOwnedFolder(freshPath(process.cwd(), WORKING_PREFIX), 'folder')
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `nothing can be written in ${process.cwd()}: ${(cause as Error).message}`,
      'Run it in a directory that you can write to.',
      { cause },
    )
  }
}

/**
 * Lets `fill` put what is kept for a person into a folder of the working directory, and gives it the name by
 * which it is kept once all of it is there; returns that path, and what `fill` did. Throws what `fill` does,
 * and a `MachineError`.
 */
export async function keepInWorkingFolder<T>(
  fill: (folder: string) => Promise<T>,
): Promise<{ value: T; kept: string }> {
  const working = makeWorkingFolder()
  const callOff = atExit(() => removeOwnedFolder(working))
  try {
    const filled = join(working, 'kept')
    mkdirSync(filled)
    const value = await fill(filled)
    const name = `${KEPT_PREFIX}${basename(working).slice(WORKING_PREFIX.length)}`
    const kept = join(dirname(working), name)
    renameSync(filled, kept)
    return { value, kept }
  } finally {
    callOff()
    removeOwnedFolder(working)
  }
}
