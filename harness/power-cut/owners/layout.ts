/** Where inodes stand in a part of the disk, in order. */
export interface InodeSlot {
  inode: number
  /** From the part's beginning. */
  atBytes: number
  sizeBytes: number
}

/** Bytes of the disk that stand in a row. */
export interface DiskRange {
  atBytes: number
  sizeBytes: number
}

/** What is known of where a file system keeps its own structures. */
export interface Layout {
  blockBytes: number
  /** What a block holds by its place, such as `the superblock`; null where its place does not say. */
  structureAt(atBytes: number): string | null
  /** The inodes that stand in a part of the disk; none where it holds none. */
  inodesIn(range: DiskRange, bytes: Uint8Array): InodeSlot[]
  /** Where its journal stands, in order. */
  journal: DiskRange[]
}
