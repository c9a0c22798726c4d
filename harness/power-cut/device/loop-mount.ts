import type { Recording } from '../../crash-states/recording.ts'
import { CannotJudge } from '../../oracle/cannot-judge.ts'
import { CHILD_ENVIRONMENT } from '../../process/environment.ts'
import { type MountNamespace, namedOutside } from '../../process/namespace.ts'
import { mounterAfterPowerCut } from '../../volume/after-power-cut.ts'
import { guard, unguard } from '../../volume/at-exit.ts'
import { attachLoopDevice } from '../../volume/build.ts'
import type { Mounter } from '../../volume/mounter.ts'
import { openStateDirectory } from '../../volume/state-directory.ts'
import { undo } from '../../volume/undo.ts'
import { imageOf, makeVolumeFolder, mountPointOf } from '../../volume/volume-folder.ts'
import { writeSparse } from './sparse.ts'

export interface LoopMountOptions {
  stateDirectory?: string
  signal?: AbortSignal
}

/**
 * Lets `use` look at the files of an image of a recording's disk, below a directory: it is a plain file on a
 * loop device that was never used before, mounted as the recording was, in a namespace of its own. Throws
 * `CannotJudge` when it does not mount, a `MachineError`, and what `signal` was aborted with.
 */
export async function loopMounted<T>(
  image: Uint8Array,
  { fileSystem, mountOptions }: Pick<Recording, 'fileSystem' | 'mountOptions'>,
  { stateDirectory, signal }: LoopMountOptions,
  use: (root: string, namespace: MountNamespace) => Promise<T>,
): Promise<T> {
  const directory = openStateDirectory(stateDirectory)
  const guarded = guard(() => makeVolumeFolder(directory, `${fileSystem}-state`, image.length))
  const { folder } = guarded
  let mounter: Mounter | undefined
  try {
    mounter = await mounterAfterPowerCut(folder)
    const { namespace } = mounter
    guarded.namespace = namespace
    writeSparse(imageOf(folder), image)
    const path = CHILD_ENVIRONMENT.PATH ?? ''
    const device = await attachLoopDevice(guarded, { fileSystem, mountOptions, path, signal })
    await mounter
      .mount(device, mountPointOf(folder), fileSystem, 0, mountOptions.join(','))
      .catch((cause: Error) => {
        throw new CannotJudge(`it does not mount: ${cause.message}`, { cause })
      })
    return await use(namedOutside(namespace, mountPointOf(folder)), namespace)
  } finally {
    await undo(folder, guarded.namespace)
    unguard(guarded)
    await mounter?.end()
  }
}
