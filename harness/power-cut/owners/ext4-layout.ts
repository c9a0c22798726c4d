import type { DiskRange, InodeSlot, Layout } from './layout.ts'

/** By the kernel's Documentation/filesystems/ext4: the superblock, group descriptors, inodes and extents. */
const SUPERBLOCK = 1024
const INCOMPAT_64BIT = 0x80
const EXTENT_MAGIC = 0xf30a

interface Group {
  blockBitmap: number
  inodeBitmap: number
  inodeTable: number
}

/** Where ext4 keeps its structures, read from an image. Throws a `RangeError` where that is none. */
export function ext4Layout(image: Uint8Array): Layout {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength)
  const at = (offset: number): number => bytes.readUInt32LE(SUPERBLOCK + offset)
  const blockBytes = 1024 << at(0x18)
  const firstBlock = at(0x14)
  const blocksPerGroup = at(0x20)
  const inodesPerGroup = at(0x28)
  const inodeBytes = bytes.readUInt16LE(SUPERBLOCK + 0x58)
  const is64 = (at(0x60) & INCOMPAT_64BIT) !== 0
  const descriptorBytes = is64 ? bytes.readUInt16LE(SUPERBLOCK + 0xfe) : 32
  const groupCount = Math.ceil((at(0x04) - firstBlock) / blocksPerGroup)
  const descriptorsAt = (firstBlock + 1) * blockBytes
  const groups = Array.from({ length: groupCount }, (_, index): Group => {
    const here = descriptorsAt + index * descriptorBytes
    return {
      blockBitmap: bytes.readUInt32LE(here),
      inodeBitmap: bytes.readUInt32LE(here + 4),
      inodeTable: bytes.readUInt32LE(here + 8),
    }
  })
  const tableBlocks = Math.ceil((inodesPerGroup * inodeBytes) / blockBytes)
  const descriptorBlocks = Math.ceil((groupCount * descriptorBytes) / blockBytes)

  const inodeAt = (inode: number): number => {
    const group = groups[Math.floor((inode - 1) / inodesPerGroup)] as Group
    return group.inodeTable * blockBytes + ((inode - 1) % inodesPerGroup) * inodeBytes
  }

  const journalOf = (inode: number): DiskRange[] => {
    if (inode === 0) return []
    const root = inodeAt(inode) + 0x28
    const isLeaf = bytes.readUInt16LE(root) === EXTENT_MAGIC && bytes.readUInt16LE(root + 6) === 0
    if (!isLeaf) return []
    return Array.from({ length: bytes.readUInt16LE(root + 2) }, (_, index): DiskRange => {
      const extent = root + 12 + index * 12
      const start = bytes.readUInt16LE(extent + 6) * 2 ** 32 + bytes.readUInt32LE(extent + 8)
      const blocks = bytes.readUInt16LE(extent + 4)
      return { atBytes: start * blockBytes, sizeBytes: blocks * blockBytes }
    })
  }

  const groupOfTable = (block: number): number =>
    groups.findIndex(({ inodeTable }) => block >= inodeTable && block < inodeTable + tableBlocks)

  return {
    blockBytes,
    journal: journalOf(at(0xe0)),
    structureAt(atBytes) {
      const block = Math.floor(atBytes / blockBytes)
      if (block <= firstBlock) return 'the superblock'
      if (block <= firstBlock + descriptorBlocks) return 'the group descriptors'
      if (groups.some(({ blockBitmap }) => blockBitmap === block)) return 'the map of used blocks'
      if (groups.some(({ inodeBitmap }) => inodeBitmap === block)) return 'the map of used inodes'
      return groupOfTable(block) < 0 ? null : 'the table of inodes'
    },
    inodesIn({ atBytes, sizeBytes }) {
      const group = groupOfTable(Math.floor(atBytes / blockBytes))
      if (group < 0) return []
      const { inodeTable } = groups[group] as Group
      const first = Math.floor((atBytes - inodeTable * blockBytes) / inodeBytes)
      return Array.from({ length: Math.floor(sizeBytes / inodeBytes) }, (_, index): InodeSlot => {
        const inode = group * inodesPerGroup + first + index + 1
        return { inode, atBytes: index * inodeBytes, sizeBytes: inodeBytes }
      })
    },
  }
}
