/** By the kernel's fs/xfs/libxfs/xfs_log_format.h. */
const RECORD_MAGIC = 0xfeedbabe
const SECTOR_BYTES = 512
const HEAD_BYTES = 512
/** One head for so many bytes of a record. */
const PER_HEAD_BYTES = 32 * 1024
const OPERATION_BYTES = 12
const INODE_ITEM = 0x123b
const INODE_ITEM_BYTES = 56

/** A record of the log of xfs. */
export interface XfsLogRecord {
  /** Which time the log is gone through, and where in it the record stands. */
  cycle: number
  block: number
  /** The inodes that it changes. */
  inodes: number[]
}

/** A record's own bytes: the first four of each sector stand in its head, since the log has its cycle there. */
function bodyOf(bytes: Buffer, at: number, sizeBytes: number, heads: number): Buffer {
  const body = Buffer.from(
    bytes.subarray(at + heads * HEAD_BYTES, at + heads * HEAD_BYTES + sizeBytes),
  )
  const kept = Math.min(Math.ceil(body.length / SECTOR_BYTES), PER_HEAD_BYTES / SECTOR_BYTES)
  for (let sector = 0; sector < kept; sector++) {
    bytes.copy(body, sector * SECTOR_BYTES, at + 44 + sector * 4, at + 48 + sector * 4)
  }
  return body
}

function inodesIn(body: Buffer): number[] {
  const inodes = new Set<number>()
  for (let at = 0; at + OPERATION_BYTES <= body.length; ) {
    const sizeBytes = body.readUInt32BE(at + 4)
    const item = at + OPERATION_BYTES
    const isInode =
      sizeBytes === INODE_ITEM_BYTES &&
      item + sizeBytes <= body.length &&
      body.readUInt16LE(item) === INODE_ITEM
    if (isInode) inodes.add(Number(body.readBigUInt64LE(item + 16)))
    at = item + sizeBytes
  }
  return [...inodes]
}

/** The records that begin in bytes that were written to the log of xfs. */
export function xfsLogRecordsIn(written: Uint8Array): XfsLogRecord[] {
  const bytes = Buffer.from(written.buffer, written.byteOffset, written.byteLength)
  const records: XfsLogRecord[] = []
  for (let at = 0; at + HEAD_BYTES <= bytes.length; at += SECTOR_BYTES) {
    // One of cycle 0 only clears the log.
    if (bytes.readUInt32BE(at) !== RECORD_MAGIC || bytes.readUInt32BE(at + 4) === 0) continue
    const heads = Math.max(1, Math.ceil(bytes.readUInt32BE(at + 320) / PER_HEAD_BYTES))
    records.push({
      cycle: bytes.readUInt32BE(at + 4),
      block: bytes.readUInt32BE(at + 20),
      inodes: inodesIn(bodyOf(bytes, at, bytes.readUInt32BE(at + 12), heads)),
    })
  }
  return records
}
