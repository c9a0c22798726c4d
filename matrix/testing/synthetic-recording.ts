import { createHash } from 'node:crypto'
import {
  type DeviceRequest,
  PAGE_BYTES,
  REQUEST,
  SECTOR_BYTES,
} from '../../harness/crash-states/device-request.ts'
import type { Recording } from '../../harness/crash-states/recording.ts'
import type { OrderedRecording } from '../../harness/crash-states/recording-file.ts'
import { planPowerCut } from '../../harness/plan/power-cut.ts'
import type { Ext4Variant } from '../../harness/volume/file-systems/ext4.ts'
import type { FileSystemName } from '../../harness/volume/file-systems/index.ts'
import { FILE_SYSTEMS, mountOptionsOf } from '../../harness/volume/file-systems/index.ts'
import { encodeFrame } from '../../wal/frame.ts'

/** Which recording is made, without a device: as small as one can be that says all that a real one does. */
export interface SyntheticRecording {
  subject: string
  fileSystem: FileSystemName
  variant: Ext4Variant | null
  seed: number
  round: number
  tearBytes: number
  /** When its disk was formatted, in seconds since 1970. */
  madeAtSeconds: number
  /** No two disks are alike: what tells this one from the others. */
  disk: string
}

const uuidOf = (disk: string): Buffer => createHash('md5').update(disk).digest()

function ext4Superblock(image: Buffer, madeAtSeconds: number, uuid: Buffer): void {
  image.writeUInt16LE(0xef53, 1024 + 0x38)
  image.writeUInt32LE(madeAtSeconds, 1024 + 0x108)
  uuid.copy(image, 1024 + 0x68)
}

/** With a root directory in the 128th inode, of 512 bytes each. */
function xfsSuperblock(image: Buffer, madeAtSeconds: number, uuid: Buffer): void {
  image.write('XFSB', 0)
  image.writeUInt32BE(4096, 4)
  uuid.copy(image, 32)
  image.writeBigUInt64BE(128n, 56)
  image.writeUInt16BE(512, 104)
  image.writeUInt8(3, 123)
  image.writeInt32BE(madeAtSeconds, 16 * 4096 + 144)
}

function templateOf({ fileSystem, madeAtSeconds, disk }: SyntheticRecording): Uint8Array {
  const image = Buffer.alloc(FILE_SYSTEMS[fileSystem].powerCut.sizeBytes)
  const uuid = uuidOf(disk)
  if (fileSystem === 'ext4') ext4Superblock(image, madeAtSeconds, uuid)
  else if (fileSystem === 'xfs') xfsSuperblock(image, madeAtSeconds, uuid)
  else {
    image.write('_BHRfS_M', 0x10040)
    uuid.copy(image, 0x10020)
  }
  return image
}

/** Where the log's file and the safe point stand on the disk. */
const LOG_AT = 1024 * 1024
const SAFE_SEQ_AT = 2 * LOG_AT

/** A log of writes and flushes, as a device makes one. */
class Log {
  readonly requests: DeviceRequest[] = []
  readonly #parts: Buffer[] = []
  #dataOffset = 0

  write(offsetBytes: number, bytes: Buffer): void {
    const sizeBytes = bytes.length
    const dataOffset = this.#dataOffset
    this.requests.push({ kind: REQUEST.write, offsetBytes, sizeBytes, dataOffset })
    this.#parts.push(bytes)
    this.#dataOffset += sizeBytes
  }

  flush(): void {
    const dataOffset = this.#dataOffset
    this.requests.push({ kind: REQUEST.flush, offsetBytes: 0, sizeBytes: 0, dataOffset })
  }

  get data(): Uint8Array {
    return Buffer.concat(this.#parts)
  }
}

function sectorOf(number: number): Buffer {
  const sector = Buffer.alloc(SECTOR_BYTES)
  sector.writeUInt32LE(number)
  return sector
}

/** The blocks of a file from `fromBytes` on, as a cache writes them back. */
function blocksFrom(file: Buffer, fromBytes: number): { at: number; bytes: Buffer } {
  const at = fromBytes - (fromBytes % PAGE_BYTES)
  const bytes = Buffer.alloc(Math.ceil((file.length - at) / PAGE_BYTES) * PAGE_BYTES)
  file.copy(bytes, 0, at)
  return { at, bytes }
}

/** Makes a recording of a log whose every append is written, flushed, and then acknowledged. */
export function syntheticRecording(what: SyntheticRecording): OrderedRecording {
  const { subject, fileSystem, variant, seed, round, tearBytes } = what
  const payloads = planPowerCut(seed, round).sessions.flatMap((session) => session.payloads)
  const log = new Log()
  // What a real file system writes of itself differs from disk to disk.
  log.write(SAFE_SEQ_AT + 8 * SECTOR_BYTES, Buffer.concat([uuidOf(what.disk)], SECTOR_BYTES))
  log.flush()
  const startPosition = log.requests.length
  const promises: Recording['promises'] = { sent: [], sentAt: [], ackedAt: [] }
  let file = Buffer.alloc(0)
  for (const [i, fields] of payloads.entries()) {
    promises.sent.push(JSON.stringify(fields))
    promises.sentAt.push(log.requests.length)
    const fromBytes = file.length
    file = Buffer.concat([file, encodeFrame(BigInt(i + 1), fields)])
    const { at, bytes } = blocksFrom(file, fromBytes)
    log.write(LOG_AT + at, bytes)
    for (const other of [1, 2, 3]) {
      log.write(SAFE_SEQ_AT + other * SECTOR_BYTES, sectorOf(1000 * other + i))
    }
    log.flush()
    log.write(SAFE_SEQ_AT, sectorOf(i + 1))
    log.flush()
    promises.ackedAt.push(log.requests.length)
  }
  const flushes = log.requests.filter(({ kind }) => kind === REQUEST.flush).length
  const recording: Recording = {
    subject,
    fileSystem,
    variant,
    mountOptions: mountOptionsOf(fileSystem, variant),
    round,
    template: templateOf(what),
    requests: log.requests,
    data: log.data,
    startPosition,
    promises,
    markedAt: promises.ackedAt,
    flushes: { recorded: flushes, counted: flushes },
  }
  return { recording, seed, tearBytes }
}
