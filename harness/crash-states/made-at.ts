import type { FileSystemName } from '../volume/file-systems/index.ts'

/** A file system, and what its disk holds. */
interface Disk {
  fileSystem: FileSystemName
  image: Uint8Array
}

const EXT4_SUPERBLOCK = 1024

/** The superblock's s_mkfs_time and its high byte, in seconds (the kernel's fs/ext4/ext4.h). */
function ext4MadeAt(image: Buffer): number {
  const low = image.readUInt32LE(EXT4_SUPERBLOCK + 0x108)
  const high = image.readUInt8(EXT4_SUPERBLOCK + 0x275)
  return low + high * 2 ** 32
}

const NANOSECONDS = 1_000_000_000n
/** Where a time of the kind `bigtime` begins: the lowest one of 32 bits. */
const BIGTIME_EPOCH = -(2n ** 31n)
const FLAG2_BIGTIME = 1n << 3n

/** When the root directory was made, from its inode (the kernel's fs/xfs/libxfs/xfs_format.h). */
function xfsMadeAt(image: Buffer): number {
  const blockBytes = image.readUInt32BE(4)
  const root = image.readBigUInt64BE(56)
  const inodeBytes = image.readUInt16BE(104)
  const inodesOfBlockLog = BigInt(image.readUInt8(123))
  const block = root >> inodesOfBlockLog
  const inBlock = root & ((1n << inodesOfBlockLog) - 1n)
  const inode = Number(block) * blockBytes + Number(inBlock) * inodeBytes
  const bigtime = (image.readBigUInt64BE(inode + 120) & FLAG2_BIGTIME) !== 0n
  if (!bigtime) return image.readInt32BE(inode + 144)
  return Number(image.readBigUInt64BE(inode + 144) / NANOSECONDS + BIGTIME_EPOCH)
}

/**
 * When a file system was made, in seconds since 1970, as it says itself; null where it does not (btrfs).
 * Throws a `RangeError` when the image is too short to say.
 */
export function madeAt({ fileSystem, image }: Disk): number | null {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength)
  if (fileSystem === 'ext4') return ext4MadeAt(bytes)
  return fileSystem === 'xfs' ? xfsMadeAt(bytes) : null
}

/** Where each file system's superblock says which it is, and what it says. */
const MAGIC = {
  ext4: { atBytes: EXT4_SUPERBLOCK + 0x38, bytes: Buffer.from([0x53, 0xef]) },
  xfs: { atBytes: 0, bytes: Buffer.from('XFSB') },
  btrfs: { atBytes: 0x10040, bytes: Buffer.from('_BHRfS_M') },
} as const

/** Whether an image is of the file system that it is said to be of. */
export function isOfFileSystem({ fileSystem, image }: Disk): boolean {
  const { atBytes, bytes } = MAGIC[fileSystem]
  return bytes.equals(image.subarray(atBytes, atBytes + bytes.length))
}
