import type { InodeSlot, Layout } from './layout.ts'

/** By the kernel's fs/xfs/libxfs/xfs_format.h; all of it is big-endian. */
const AG_HEADERS = [
  'the superblock',
  'the map of free blocks',
  'the map of inodes',
  'the list of free blocks',
]
const INODE_MAGIC = 0x494e

/** Blocks that say themselves what they are. */
const MAGICS: Readonly<Record<string, string>> = {
  AB3B: 'the tree of free blocks',
  AB3C: 'the tree of free blocks',
  IAB3: 'the tree of inodes',
  FIB3: 'the tree of free inodes',
  RMB3: 'the tree of owners',
  R3FC: 'the tree of shared blocks',
  BMA3: 'a tree of extents',
}

/** What a block of xfs says that it is; null where it says nothing. */
export function xfsBlockSays(block: Uint8Array): string | null {
  return MAGICS[Buffer.from(block.subarray(0, 4)).toString('latin1')] ?? null
}

/** Where xfs keeps its structures, read from an image. Throws a `RangeError` where that is none. */
export function xfsLayout(image: Uint8Array): Layout {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength)
  const blockBytes = bytes.readUInt32BE(4)
  const agBlocks = bytes.readUInt32BE(84)
  const sectorBytes = bytes.readUInt16BE(102)
  const inodeBytes = bytes.readUInt16BE(104)
  const [inodesLog, agLog] = [bytes.readUInt8(123), bytes.readUInt8(124)]
  const logStart = Number(bytes.readBigUInt64BE(48))
  const logBlocks = bytes.readUInt32BE(96)
  const agBytes = agBlocks * blockBytes
  const bytesOfBlock = (block: number): number =>
    Math.floor(block / 2 ** agLog) * agBytes + (block % 2 ** agLog) * blockBytes
  return {
    blockBytes,
    journal: [{ atBytes: bytesOfBlock(logStart), sizeBytes: logBlocks * blockBytes }],
    structureAt: (atBytes) => AG_HEADERS[Math.floor((atBytes % agBytes) / sectorBytes)] ?? null,
    inodesIn({ atBytes, sizeBytes }, written) {
      const view = Buffer.from(written.buffer, written.byteOffset, written.byteLength)
      const ag = Math.floor(atBytes / agBytes)
      const firstInAg = Math.floor((atBytes % agBytes) / inodeBytes)
      const slots = Array.from({ length: Math.floor(sizeBytes / inodeBytes) }, (_, index) => ({
        inode: ag * 2 ** (agLog + inodesLog) + firstInAg + index,
        atBytes: index * inodeBytes,
        sizeBytes: inodeBytes,
      }))
      const isInode = ({ atBytes: at }: InodeSlot): boolean => view.readUInt16BE(at) === INODE_MAGIC
      return slots.filter(isInode)
    },
  }
}
