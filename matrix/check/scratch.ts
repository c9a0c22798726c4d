import { chmodSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { freshPath, makeOwnedFolder, removeOwnedFolder } from '../../harness/owned/owned-folder.ts'
import { openStateDirectory } from '../../harness/volume/state-directory.ts'
import { atExit } from '../at-exit.ts'

const PREFIX = 'check-'

/** A folder for one check. */
export interface Scratch {
  path: string
  remove(): void
}

/** Gives every folder below one back to its owner: a subject can have taken the right to remove what is in it. */
function giveBack(folder: string): void {
  chmodSync(folder, 0o700)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) giveBack(join(folder, entry.name))
  }
}

function remove(folder: string): void {
  try {
    removeOwnedFolder(folder)
  } catch {
    giveBack(folder)
    removeOwnedFolder(folder)
  }
}

/**
 * Makes one, which goes with this process at the latest; where that is killed, `doctor --clean` removes it. Throws
 * a `MachineError`, and what the file system throws.
 */
export function makeScratch(): Scratch {
  const path = makeOwnedFolder(freshPath(dirname(openStateDirectory(undefined)), PREFIX), 'folder')
  const callOff = atExit(() => remove(path))
  return {
    path,
    remove() {
      callOff()
      remove(path)
    },
  }
}
