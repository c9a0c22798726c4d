import { realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeTrusted, userId } from '../owned/trust.ts'
import { MachineError } from '../process/machine-error.ts'
import { makeDirectories } from '../process/make-directories.ts'

/** Where volumes are, each in a folder of its own: below the temporary directory, this user's alone. */
export function defaultStateDirectory(): string {
  return join(tmpdir(), `pullplug-${userId()}`, 'volumes')
}

/**
 * Makes the directory that volumes are made in, unless it is there, and returns its canonical path,
 * which is how the kernel names mounts. Throws a `MachineError` when it can't, or when somebody else
 * could meddle with it.
 */
export function openStateDirectory(directory: string | undefined): string {
  try {
    if (directory !== undefined) {
      makeDirectories(directory, 0o700)
      return makeTrusted(realpathSync(directory))
    }
    const ours = makeTrusted(join(realpathSync(tmpdir()), `pullplug-${userId()}`))
    return makeTrusted(join(ours, 'volumes'))
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `no volume can be made in ${directory ?? defaultStateDirectory()}: ${(cause as Error).message}`,
      'Set TMPDIR to a directory that is yours and has some space, or remove what stands in the way.',
      { cause },
    )
  }
}
