// Whoever imports this needs the type of Symbol.asyncDispose, with whatever else their project has.
/// <reference lib="esnext.disposable" preserve="true" />
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { MachineError } from '../process/machine-error.ts'
import { type Guarded, guard, unguard } from './at-exit.ts'
import { makeFileSystem, mountImage } from './build.ts'
import { type FileSystemName, IMAGE_BYTES } from './file-systems/index.ts'
import type { Mount } from './mounts.ts'
import { proveMount } from './proof.ts'
import { requireMachine, requireRoom } from './requirements.ts'
import { openStateDirectory } from './state-directory.ts'
import { undo, undoSync } from './undo.ts'
import { imageOf, makeVolumeFolder, mountPointOf } from './volume-folder.ts'

export interface VolumeOptions {
  fileSystem: FileSystemName
  /** The size of the image, which is sparse. */
  sizeBytes?: number
  /** Options of mkfs, beside those that every volume has. */
  mkfsOptions?: readonly string[]
  /** Options of the mount, such as `data=journal`. */
  mountOptions?: readonly string[]
  /** Where the volume's folder is made. */
  stateDirectory?: string
  signal?: AbortSignal
  /** Where mkfs and mount are looked for, with colons. */
  path?: string
}

/** A real file system of its own, on a sparse file and a loop device. */
export interface Volume {
  fileSystem: FileSystemName
  sizeBytes: number
  mountPoint: string
  imagePath: string
  /** Such as `/dev/loop3`; whichever the kernel gave. */
  loopDevice: string
  mount: Mount
  /**
   * Unmounts it and removes all of it; a second call does nothing. Throws a `MachineError` when
   * something is left, such as a mount that another process still uses; calling again tries again.
   */
  remove(): Promise<void>
  /** The same without giving way to anything else. */
  removeSync(): void
  [Symbol.asyncDispose](): Promise<void>
}

function volumeIn(guarded: Guarded, mount: Mount, what: Pick<Volume, 'fileSystem' | 'sizeBytes'>) {
  const { folder } = guarded
  const remove = async (): Promise<void> => {
    await undo(folder)
    unguard(guarded)
  }
  const removeSync = (): void => {
    undoSync(folder)
    unguard(guarded)
  }
  return {
    ...what,
    mountPoint: mount.mountPoint,
    imagePath: imageOf(folder),
    loopDevice: mount.source,
    mount,
    remove,
    removeSync,
    [Symbol.asyncDispose]: remove,
  }
}

function asMachineError(error: unknown, fileSystem: FileSystemName): MachineError {
  if (error instanceof MachineError) return error
  return new MachineError(
    'BROKEN',
    `a volume of ${fileSystem} could not be made: ${(error as Error).message}`,
    'See the kernel’s log (dmesg) and `pullplug doctor`.',
    { cause: error },
  )
}

/** Undoes what there is of a volume that failed; the error to throw, which says when even that failed. */
async function abandon(guarded: Guarded, failure: unknown): Promise<unknown> {
  try {
    await undo(guarded.folder)
    unguard(guarded)
    return failure
  } catch (error) {
    if (!(failure instanceof MachineError) || !(error instanceof MachineError)) return failure
    const message = `${failure.message}; and then ${error.message}`
    return new MachineError('BROKEN', message, error.remedy, { cause: failure })
  }
}

/**
 * Makes a volume: a sparse file, a file system on it, a mount through whichever loop device is free,
 * and the proof that it is what it should be. The device detaches itself with the unmount. Whatever
 * happens, nothing of it stays: not after an error here, nor after an exit of the process, nor after a
 * SIGINT, SIGTERM or SIGHUP that nobody else listens to; what SIGKILL leaves, `findLeftovers` finds.
 * Throws a `MachineError`, and what `signal` was aborted with.
 */
export async function createVolume(options: VolumeOptions): Promise<Volume> {
  const { fileSystem, sizeBytes = IMAGE_BYTES, mountOptions = [], signal } = options
  const { mkfsOptions = [] } = options
  const path = options.path ?? CHILD_ENVIRONMENT.PATH ?? ''
  signal?.throwIfAborted()
  requireMachine(fileSystem, path)
  const stateDirectory = openStateDirectory(options.stateDirectory)
  requireRoom(stateDirectory, sizeBytes)
  const guarded = guard(() => makeVolumeFolder(stateDirectory, fileSystem, sizeBytes))
  const { folder } = guarded
  try {
    const build = { fileSystem, mkfsOptions, mountOptions, path, signal }
    await makeFileSystem(guarded, build)
    await mountImage(guarded, build)
    const mount = proveMount(mountPointOf(folder), imageOf(folder), fileSystem)
    return volumeIn(guarded, mount, { fileSystem, sizeBytes })
  } catch (error) {
    throw await abandon(guarded, signal?.aborted ? error : asMachineError(error, fileSystem))
  }
}
