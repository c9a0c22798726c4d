import { btrfs } from './btrfs.ts'
import { EXT4_VARIANTS, type Ext4Variant, ext4 } from './ext4.ts'
import { type FileSystem, MIB } from './file-system.ts'
import { xfs } from './xfs.ts'

/** Those that a volume can have: a new one is a file here and a line. */
export const FILE_SYSTEMS = { ext4, xfs, btrfs } as const satisfies Record<string, FileSystem>

export type FileSystemName = keyof typeof FILE_SYSTEMS

/** The size of a volume's image, which is sparse; mkfs.xfs wants at least 300 MiB. */
export const IMAGE_BYTES = 320 * MIB

/** Whether a name is that of a file system which a volume can have. */
export function isFileSystem(name: string): name is FileSystemName {
  return Object.hasOwn(FILE_SYSTEMS, name)
}

/** The options of every mount of a file system whose power is cut. */
export function mountOptionsOf(fileSystem: FileSystemName, variant: Ext4Variant | null): string[] {
  const extra = variant === null ? [] : EXT4_VARIANTS[variant].mountOptions
  return [...FILE_SYSTEMS[fileSystem].powerCut.mountOptions, ...extra]
}
