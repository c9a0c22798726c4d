import { closeSync, ftruncateSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { freshPath, makeOwnedFolder } from '../owned/owned-folder.ts'
import { MachineError } from '../process/machine-error.ts'
import { SERVED_NAMES } from './served-folder.ts'

/** What a volume's folder holds, or that of a directory that is served. */
export const VOLUME_NAMES = ['image', 'mnt', 'device', ...SERVED_NAMES] as const
/** The name in a state directory of what is no volume: the place at which each mount namespace sees its own. */
export const PLACE = 'place'
export const imageOf = (folder: string): string => join(folder, VOLUME_NAMES[0])
export const mountPointOf = (folder: string): string => join(folder, VOLUME_NAMES[1])
export const attachmentOf = (folder: string): string => join(folder, VOLUME_NAMES[2])

function makeImage(path: string, sizeBytes: number): void {
  const image = openSync(path, 'wx', 0o600)
  try {
    ftruncateSync(image, sizeBytes)
  } finally {
    closeSync(image)
  }
}

/**
 * Makes a folder for one volume, which says whose it is, with a sparse image of `sizeBytes` and an empty
 * directory to mount it on. Nothing stays when it throws, a `MachineError`.
 */
export function makeVolumeFolder(stateDirectory: string, name: string, sizeBytes: number): string {
  try {
    return makeOwnedFolder(freshPath(stateDirectory, `${name}-`), 'volume', (folder) => {
      mkdirSync(mountPointOf(folder))
      makeImage(imageOf(folder), sizeBytes)
    })
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `no volume can be made in ${stateDirectory}: ${(cause as Error).message}`,
      'Free some space there, or set TMPDIR to a directory on a larger disk.',
      { cause },
    )
  }
}
