import { PAGE_BYTES, REQUEST, SECTOR_BYTES } from './device-request.ts'
import type { Recording } from './recording.ts'

/** The kernel's Documentation/admin-guide/device-mapper/log-writes.rst and drivers/md/dm-log-writes.c. */
const MAGIC = 0x6a736677736872n
const VERSION = 1n
const FLAG = { flush: 1n, mark: 8n } as const

/** Longer writes are told as several. */
const MAX_ZERO_BYTES = 1024 * 1024

interface Entry {
  sector: number
  flags: bigint
  data: Uint8Array
  /** Of a mark, which has its bytes within the entry. */
  mark?: string
}

function* templateEntries(template: Uint8Array): Generator<Entry> {
  const zeros = Buffer.alloc(PAGE_BYTES)
  for (let at = 0; at < template.length; at += PAGE_BYTES) {
    const data = template.subarray(at, at + PAGE_BYTES)
    if (!zeros.equals(data)) yield { sector: at / SECTOR_BYTES, flags: 0n, data }
  }
}

const NOTHING = new Uint8Array(0)
const flush: Entry = { sector: 0, flags: FLAG.flush, data: NOTHING }
const mark = (name: string): Entry => ({ sector: 0, flags: FLAG.mark, data: NOTHING, mark: name })

function* zeroEntries(offsetBytes: number, sizeBytes: number): Generator<Entry> {
  for (let done = 0; done < sizeBytes; done += MAX_ZERO_BYTES) {
    const data = new Uint8Array(Math.min(MAX_ZERO_BYTES, sizeBytes - done))
    yield { sector: (offsetBytes + done) / SECTOR_BYTES, flags: 0n, data }
  }
}

/** The template as writes, so that the log replays on an empty disk; then the recording, with marks. */
function* entriesOf({ template, requests, data, promises }: Recording): Generator<Entry> {
  yield* templateEntries(template)
  yield flush
  yield mark('template')
  let acked = 0
  for (let position = 0; position <= requests.length; position++) {
    while (promises.ackedAt[acked] === position) yield mark(`acknowledged-${++acked}`)
    const request = requests[position]
    if (request === undefined) break
    const { kind, offsetBytes, sizeBytes, dataOffset } = request
    if (kind === REQUEST.flush) yield flush
    else if (kind === REQUEST.zero) yield* zeroEntries(offsetBytes, sizeBytes)
    else {
      const bytes = data.subarray(dataOffset, dataOffset + sizeBytes)
      yield { sector: offsetBytes / SECTOR_BYTES, flags: 0n, data: bytes }
    }
  }
}

/** A sector of 64-bit little-endian numbers and what follows them. */
function sectorOf(numbers: bigint[], rest = ''): Buffer {
  const sector = Buffer.alloc(SECTOR_BYTES)
  for (const [i, number] of numbers.entries()) sector.writeBigUInt64LE(number, i * 8)
  sector.write(rest, numbers.length * 8)
  return sector
}

/**
 * A recording in the format of the kernel's dm-log-writes, which its tools and QEMU's read: the disk as it
 * was formatted, then all that the file system sent, with a mark wherever an entry was acknowledged.
 */
export function toDmLogWrites(recording: Recording): Buffer {
  const entries = [...entriesOf(recording)]
  const superblock = sectorOf([MAGIC, VERSION, BigInt(entries.length)])
  superblock.writeUInt32LE(SECTOR_BYTES, 24)
  const parts = entries.flatMap(({ sector, flags, data, mark: name = '' }) => [
    sectorOf(
      [sector, data.length / SECTOR_BYTES].map(BigInt).concat(flags, BigInt(name.length)),
      name,
    ),
    data,
  ])
  return Buffer.concat([superblock, ...parts])
}
