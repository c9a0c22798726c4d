import type { FileSystemName } from '../../volume/file-systems/index.ts'

/** What takes all that a volume has of something but so much, and gives it back. */
export interface Filler {
  /** Takes all but `left` of it, or but the least that it can leave. Throws the operating system's error. */
  leave(left: number): void
  /** Gives all back. */
  giveBack(): void
  /** How much of it is free now. */
  readonly free: number
}

/** Something that a volume can run out of. */
export interface FillerRow {
  /** What the names of its cases begin with. */
  kind: 'free' | 'inodes'
  /** So many of what its names count is one of what `leave` counts: the bytes of a block. */
  unit: number
  /** How many at most are left in a case: from so many on it is taken that there is enough. */
  most: number
  /** The options of mkfs with which there is no more of it than needed. */
  mkfsOptions(fileSystem: FileSystemName): readonly string[]
  inWords(left: number): string
  create(mountPoint: string): Promise<Filler>
}
