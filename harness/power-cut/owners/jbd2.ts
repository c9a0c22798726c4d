/** What a block of jbd2's journal is (the kernel's Documentation/filesystems/ext4/journal.rst). */
export type JournalBlock =
  | { is: 'descriptor'; transaction: number; blocks: number[] }
  | { is: 'commit' | 'revoke'; transaction: number }
  | { is: 'superblock' }

const MAGIC = 0xc03b3998
const TYPE = { descriptor: 1, commit: 2, superblock1: 3, superblock2: 4, revoke: 5 } as const
const HEAD_BYTES = 12
const UUID_BYTES = 16
const FLAG = { sameUuid: 2, last: 8 } as const
const INCOMPAT = { is64: 0x2, csum2: 0x8, csum3: 0x10 } as const
const FEATURES_AT = 0x28

/** The features of a journal that its superblock names. */
export function journalFeatures(superblock: Uint8Array): number {
  return Buffer.from(superblock.buffer, superblock.byteOffset, superblock.byteLength).readUInt32BE(
    FEATURES_AT,
  )
}

/** The blocks of which copies follow a descriptor, in their order. */
function blocksOf(bytes: Buffer, features: number): number[] {
  const has = (feature: number): boolean => (features & feature) !== 0
  const isThird = has(INCOMPAT.csum3)
  const tagBytes = isThird ? 16 : 8 + (has(INCOMPAT.is64) ? 4 : 0) + (has(INCOMPAT.csum2) ? 2 : 0)
  const blocks: number[] = []
  for (let at = HEAD_BYTES; at + tagBytes <= bytes.length; ) {
    const flags = isThird ? bytes.readUInt32BE(at + 4) : bytes.readUInt16BE(at + 6)
    const high = has(INCOMPAT.is64) ? bytes.readUInt32BE(at + 8) : 0
    blocks.push(high * 2 ** 32 + bytes.readUInt32BE(at))
    if ((flags & FLAG.last) !== 0) break
    at += tagBytes + ((flags & FLAG.sameUuid) === 0 ? UUID_BYTES : 0)
  }
  return blocks
}

/** What a block of a journal is; null for a copy of another block, or what was never written. */
export function readJournalBlock(block: Uint8Array, features: number): JournalBlock | null {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
  if (bytes.length < HEAD_BYTES || bytes.readUInt32BE(0) !== MAGIC) return null
  const [type, transaction] = [bytes.readUInt32BE(4), bytes.readUInt32BE(8)]
  if (type === TYPE.descriptor) {
    return { is: 'descriptor', transaction, blocks: blocksOf(bytes, features) }
  }
  if (type === TYPE.commit) return { is: 'commit', transaction }
  if (type === TYPE.revoke) return { is: 'revoke', transaction }
  return type === TYPE.superblock1 || type === TYPE.superblock2 ? { is: 'superblock' } : null
}
