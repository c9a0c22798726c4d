import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { guard, unguard } from '../volume/at-exit.ts'
import { makeFileSystem } from '../volume/build.ts'
import { EXT4_VARIANTS, type Ext4Variant } from '../volume/file-systems/ext4.ts'
import type { FileSystemName } from '../volume/file-systems/index.ts'
import { FILE_SYSTEMS, mountOptionsOf } from '../volume/file-systems/index.ts'
import { openStateDirectory } from '../volume/state-directory.ts'
import { undo } from '../volume/undo.ts'
import { imageOf, makeVolumeFolder } from '../volume/volume-folder.ts'
import { readSparse } from './device/sparse.ts'

/** A file system that was made and never mounted: what every recording begins with. */
export interface Template {
  fileSystem: FileSystemName
  /** Of ext4; null for what mke2fs and the kernel choose. */
  variant: Ext4Variant | null
  /** Options of every mount of it. */
  mountOptions: readonly string[]
  image: Uint8Array
}

export interface TemplateOptions {
  fileSystem: FileSystemName
  /** Of ext4. */
  variant?: Ext4Variant | null
  /** The size of the image; what power cuts make of that file system unless given. */
  sizeBytes?: number
  stateDirectory?: string
  signal?: AbortSignal
}

/** Makes a file system on a file of its own, and reads it. Throws a `MachineError`. */
export async function makeTemplate(options: TemplateOptions): Promise<Template> {
  const { fileSystem, signal, variant = null } = options
  const made = FILE_SYSTEMS[fileSystem].powerCut
  const extra = variant === null ? null : EXT4_VARIANTS[variant]
  const mountOptions = mountOptionsOf(fileSystem, variant)
  const stateDirectory = openStateDirectory(options.stateDirectory)
  const name = `${fileSystem}-template`
  const sizeBytes = Math.max(options.sizeBytes ?? 0, made.sizeBytes)
  const guarded = guard(() => makeVolumeFolder(stateDirectory, name, sizeBytes))
  try {
    await makeFileSystem(guarded, {
      fileSystem,
      mkfsOptions: [...made.mkfsOptions, ...(extra?.mkfsOptions ?? [])],
      mountOptions,
      path: CHILD_ENVIRONMENT.PATH ?? '',
      signal,
    })
    return {
      fileSystem,
      variant,
      mountOptions,
      image: readSparse(imageOf(guarded.folder), sizeBytes),
    }
  } finally {
    await undo(guarded.folder)
    unguard(guarded)
  }
}
