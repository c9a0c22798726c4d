import { closeSync, openSync, readSync } from 'node:fs'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { guard, unguard } from '../volume/at-exit.ts'
import { makeFileSystem } from '../volume/build.ts'
import type { FileSystemName } from '../volume/file-systems.ts'
import { openStateDirectory } from '../volume/state-directory.ts'
import { undo } from '../volume/undo.ts'
import { imageOf, makeVolumeFolder } from '../volume/volume-folder.ts'
import { EXT4_VARIANTS, type Ext4Variant, POWER_CUT_FILE_SYSTEMS } from './file-systems.ts'

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
  stateDirectory?: string
  signal?: AbortSignal
}

const CHUNK_BYTES = 1024 * 1024

/** Reads a sparse file; what is zero there takes no memory here. */
function readSparse(path: string, sizeBytes: number): Uint8Array {
  const image = new Uint8Array(sizeBytes)
  const chunk = Buffer.alloc(CHUNK_BYTES)
  const zeros = Buffer.alloc(CHUNK_BYTES)
  const file = openSync(path, 'r')
  try {
    for (let atBytes = 0; atBytes < sizeBytes; ) {
      const readBytes = readSync(file, chunk, 0, chunk.length, atBytes)
      if (readBytes === 0) break
      const part = chunk.subarray(0, readBytes)
      if (!part.equals(zeros.subarray(0, readBytes))) image.set(part, atBytes)
      atBytes += readBytes
    }
  } finally {
    closeSync(file)
  }
  return image
}

/** Makes a file system on a file of its own, and reads it. Throws a `MachineError`. */
export async function makeTemplate(options: TemplateOptions): Promise<Template> {
  const { fileSystem, signal, variant = null } = options
  const made = POWER_CUT_FILE_SYSTEMS[fileSystem]
  const extra = variant === null ? null : EXT4_VARIANTS[variant]
  const mountOptions = [...made.mountOptions, ...(extra?.mountOptions ?? [])]
  const stateDirectory = openStateDirectory(options.stateDirectory)
  const name = `${fileSystem}-template`
  const guarded = guard(() => makeVolumeFolder(stateDirectory, name, made.sizeBytes))
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
      image: readSparse(imageOf(guarded.folder), made.sizeBytes),
    }
  } finally {
    await undo(guarded.folder)
    unguard(guarded)
  }
}
