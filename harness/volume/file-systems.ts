/** A file system that a volume can have. */
export interface FileSystem {
  /** The command that makes it; the image's path is its last argument. */
  mkfs: readonly [command: string, ...args: string[]]
  /** The Debian package that brings the command. */
  debianPackage: string
  /** The `f_type` of statfs(2) that proves it. */
  magic: number
}

export type FileSystemName = 'ext4' | 'xfs' | 'btrfs'

export const FILE_SYSTEMS: Readonly<Record<FileSystemName, FileSystem>> = {
  // Left to itself, mke2fs gives a file system this small blocks of 1 KiB; real ones have 4 KiB.
  ext4: {
    mkfs: ['mkfs.ext4', '-q', '-F', '-b', '4096'],
    debianPackage: 'e2fsprogs',
    magic: 0xef53,
  },
  xfs: { mkfs: ['mkfs.xfs', '-q', '-f'], debianPackage: 'xfsprogs', magic: 0x58465342 },
  btrfs: { mkfs: ['mkfs.btrfs', '-q', '-f'], debianPackage: 'btrfs-progs', magic: 0x9123683e },
}

/** The size of a volume's image, which is sparse; mkfs.xfs wants at least 300 MiB. */
export const IMAGE_BYTES = 320 * 1024 * 1024
