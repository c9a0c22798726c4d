import { MachineError } from '../harness/process/machine-error.ts'
import { findDeadFolders, makeOwnedFolder } from './owned-folder.ts'

const PREFIX = '.pullplug-'

/**
 * Makes a folder in the working directory, on whatever file system that is, and says in it who made
 * it. Throws a `MachineError`.
 */
export function makeWorkingFolder(): string {
  try {
    return makeOwnedFolder(process.cwd(), PREFIX)
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `nothing can be written in ${process.cwd()}: ${(cause as Error).message}`,
      'Run it in a directory that you can write to.',
      { cause },
    )
  }
}

/** The folders in the working directory whose process is dead. */
export function findWorkingFolders(): string[] {
  return findDeadFolders(process.cwd(), PREFIX)
}
