import { statfsSync } from 'node:fs'
import { removeOwnedFolder } from '../harness/owned/owned-folder.ts'
import type { FileSystemName } from '../harness/volume/file-systems/index.ts'
import { createVolume } from '../harness/volume/volume.ts'
import { atExit } from './at-exit.ts'
import { WORKING_DIRECTORY } from './cells.ts'
import type { RunRecord } from './evidence/types.ts'
import { makeWorkingFolder } from './working-folder.ts'

/** Where a cell's files are. */
export interface Place {
  /** A directory on the cell's file system, for the cell alone. */
  root: string
  mount: RunRecord['mount']
  remove(): Promise<void>
}

const hex = (type: number | bigint): string => `0x${type.toString(16)}`

function inWorkingDirectory(): Place {
  const root = makeWorkingFolder()
  const callOff = atExit(() => removeOwnedFolder(root))
  return {
    root,
    mount: {
      fsType: WORKING_DIRECTORY,
      options: '',
      statfsType: hex(statfsSync(root).type),
      volume: 'working-directory',
      imageBytes: null,
    },
    remove: async () => {
      callOff()
      removeOwnedFolder(root)
    },
  }
}

/**
 * Makes the place of a cell: a volume of that file system, or a folder in the working directory.
 * Throws a `MachineError`.
 */
export async function makePlace(fileSystem: string, signal: AbortSignal): Promise<Place> {
  if (fileSystem === WORKING_DIRECTORY) return inWorkingDirectory()
  const volume = await createVolume({ fileSystem: fileSystem as FileSystemName, signal })
  return {
    root: volume.mountPoint,
    mount: {
      fsType: volume.mount.fsType,
      options: volume.mount.options,
      statfsType: hex(statfsSync(volume.mountPoint).type),
      volume: 'loop',
      imageBytes: volume.sizeBytes,
    },
    remove: () => volume.remove(),
  }
}
