/** How a file system is made for power cuts: small, and with nothing left to do once it is mounted. */
export interface PowerCutOptions {
  sizeBytes: number
  mkfsOptions: readonly string[]
  /** Options without which a copy of a mounted one can't be mounted. */
  mountOptions: readonly string[]
  /** Options with which it flushes nothing; none where it has none. */
  unflushedOptions: readonly string[]
}

/** A file system that a volume can have. */
export interface FileSystem {
  /** The command that makes it; the image's path is its last argument. */
  mkfs: readonly [command: string, ...args: string[]]
  /** The Debian package that brings the command. */
  debianPackage: string
  /** The `f_type` of statfs(2) that proves it. */
  magic: number
  powerCut: PowerCutOptions
}

export const MIB = 1024 * 1024
