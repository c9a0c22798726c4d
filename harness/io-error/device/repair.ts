import { execa } from 'execa'
import { readSparse, writeSparse } from '../../power-cut/device/sparse.ts'
import { CHILD_ENVIRONMENT } from '../../process/environment.ts'
import { guard, unguard } from '../../volume/at-exit.ts'
import { openStateDirectory } from '../../volume/state-directory.ts'
import { undo } from '../../volume/undo.ts'
import { imageOf, makeVolumeFolder } from '../../volume/volume-folder.ts'

/** Exit codes of e2fsck(8) below this one: nothing was wrong, or all is corrected. */
const LEFT_UNCORRECTED = 4

/**
 * What e2fsck(8) makes of an ext4 image that does not mount, with every repair that it offers; null where it could not
 * correct all. Throws a `MachineError`, and what `signal` was aborted with.
 */
export async function repairedByE2fsck(
  image: Uint8Array,
  { stateDirectory, signal }: { stateDirectory?: string; signal?: AbortSignal | undefined },
): Promise<Uint8Array | null> {
  const directory = openStateDirectory(stateDirectory)
  const guarded = guard(() => makeVolumeFolder(directory, 'ext4-repair', image.length))
  try {
    const path = imageOf(guarded.folder)
    writeSparse(path, image)
    const { exitCode = LEFT_UNCORRECTED } = await execa('e2fsck', ['-f', '-y', path], {
      env: CHILD_ENVIRONMENT,
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      detached: true,
      ...(signal && { cancelSignal: signal }),
    })
    signal?.throwIfAborted()
    return exitCode < LEFT_UNCORRECTED ? readSparse(path, image.length) : null
  } finally {
    await undo(guarded.folder)
    unguard(guarded)
  }
}
