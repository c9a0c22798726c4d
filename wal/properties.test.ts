import { expect } from 'vitest'
import { aroundDisk } from './around-disk.ts'
import { WalViolation } from './error.ts'
import { logPaths, MAX_FRAME_JSON_BYTES } from './layout.ts'
import type { LogRecord } from './log-record.ts'
import { memoryDisk } from './memory-disk.ts'
import { nodeDisk } from './node-disk.ts'
import { isValid, scanFrames } from './scan.ts'
import { frame, frames, LogDirectory, safeSeqBytes } from './testing/log-directory.ts'
import { fc, test as property } from './testing/properties.ts'
import { Wal } from './wal.ts'

const paths = logPaths('/log')

/** Logs: good frames, repeated and missing ones, text that is nearly JSON, and anything at all. */
const anyFrame = fc.oneof(
  fc.nat(6).map((seq) => frames(seq)),
  fc.almostJson().map((json) => frame(json)),
  fc.bytes(20),
)
const goodLog = fc.nat(5).map((count) => frames(...Array.from({ length: count }, (_, i) => i + 1)))
const anyLog = fc.oneof(
  fc.edited(goodLog),
  fc
    .tuple(goodLog, fc.array(anyFrame, { maxLength: 3 }))
    .map(([good, more]) => Buffer.concat([good, ...more])),
  fc.bytes(200),
)
const anySafeSeq = fc.oneof(
  fc.nat(6).map((seq) => safeSeqBytes(seq)),
  fc.bytes(10),
  fc.constant(undefined),
)
const anyEnvironment = fc.oneof(
  fc.constant({}),
  fc.constant({ AUTONOMYOPS_WAL_LEGACY_UPGRADE: '1' }),
  fc.constant({ AUTONOMYOPS_WAL_OPERATOR_RESET: '1' }),
)

property(
  'the scanner reads any bytes as frames that lie one behind the other, and ends',
  [anyLog],
  (bytes) => {
    const disk = memoryDisk({ [paths.wal]: bytes })
    let endBytes = 0
    for (const scanned of scanFrames(disk, disk.open(paths.wal, 'read'), bytes.length)) {
      expect(scanned.offsetBytes).toBe(endBytes)
      expect(scanned.json.toString('hex')).toBe(
        bytes.subarray(scanned.offsetBytes + 4, scanned.endBytes).toString('hex'),
      )
      if (isValid(scanned)) expect(JSON.parse(scanned.json.toString())).toHaveProperty('seq')
      endBytes = scanned.endBytes
    }
    expect(endBytes).toBeLessThanOrEqual(bytes.length)
  },
)

property(
  'open recovers a prefix of any log, or throws a violation and has not changed a byte',
  [anyLog, anySafeSeq, anyEnvironment],
  (bytes, safeSeq, environment) => {
    const disk = memoryDisk({
      [paths.wal]: bytes,
      ...(safeSeq === undefined ? {} : { [paths.safeSeq]: safeSeq }),
    })
    const before = new Map(disk.files)
    const messages: string[] = []
    let wal: Wal
    try {
      wal = Wal.open('/log', { disk, environment, log: (record) => messages.push(record.message) })
    } catch (error) {
      expect(error).toBeInstanceOf(WalViolation)
      expect(disk.files).toEqual(before)
      return
    }
    if (messages.includes('WAL_LEGACY_GAP')) {
      expect(disk.files).toEqual(before)
      for (const { seq } of wal.readFrom(0n)) expect(seq).toBeLessThanOrEqual(wal.safeSeq)
      return
    }
    const kept = disk.files.get(paths.wal) as Uint8Array
    expect(bytes.subarray(0, kept.length).equals(kept)).toBe(true)
    const entries = [...wal.readFrom(0n)]
    expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_, i) => BigInt(i + 1)))
    expect(wal.safeSeq).toBe(BigInt(entries.length))
    expect(Buffer.from(disk.files.get(paths.safeSeq) ?? [])).toEqual(safeSeqBytes(wal.safeSeq))
  },
)

property(
  'a second open of what a first one recovered changes nothing, and returns the same',
  [anyLog, fc.nat(6)],
  (bytes, safeSeq) => {
    const disk = memoryDisk({ [paths.wal]: bytes, [paths.safeSeq]: safeSeqBytes(safeSeq) })
    let entries: unknown[]
    try {
      entries = [...Wal.open('/log', { disk, environment: {} }).readFrom(0n)]
    } catch (error) {
      expect(error).toBeInstanceOf(WalViolation)
      return
    }
    const once = new Map(disk.files)
    expect([...Wal.open('/log', { disk, environment: {} }).readFrom(0n)]).toEqual(entries)
    expect(disk.files).toEqual(once)
  },
)

property(
  'trap 3: whatever the bytes beyond the safe point are, they are no error: they are cut off, and told of',
  [fc.nat(4), anyLog],
  (safeSeq, beyond) => {
    const good = frames(...Array.from({ length: safeSeq }, (_, i) => i + 1))
    const disk = memoryDisk({
      [paths.wal]: Buffer.concat([good, beyond]),
      [paths.safeSeq]: safeSeqBytes(safeSeq),
    })
    const records: LogRecord[] = []
    const log = (record: LogRecord) => records.push(record)
    expect(Wal.open('/log', { disk, environment: {}, log }).safeSeq).toBe(BigInt(safeSeq))
    expect(Buffer.from(disk.files.get(paths.wal) as Uint8Array)).toEqual(good)
    const [told] = records.slice(-1)
    expect(told?.attributes.bytes ?? 0).toBe(beyond.length)
    const kept = disk.files.get(`/log/telemetry.wal.cut-${safeSeq}`)
    if (kept !== undefined) expect(Buffer.from(kept)).toEqual(beyond)
    expect(records.map(({ message }) => message)).toEqual([
      ...(kept === undefined ? [] : ['WAL_PHANTOM_KEPT']),
      ...(beyond.length === 0 ? [] : ['WAL_PHANTOM_DISCARDED']),
    ])
  },
)

property(
  'no length that stands in the file makes the scanner ask for more than a window',
  [fc.bigInt(0n, 0xffff_ffffn), fc.bytes(40)],
  (length, rest) => {
    const header = Buffer.alloc(4)
    header.writeUInt32BE(Number(length))
    const directory = new LogDirectory({ wal: Buffer.concat([header, rest]), safeSeq: 1 })
    let largestBytes = 0
    const disk = aroundDisk(nodeDisk, ({ name, args }, proceed) => {
      if (name === 'read') largestBytes = Math.max(largestBytes, (args[1] as Uint8Array).length)
      return proceed()
    })
    expect(() => directory.open({ disk })).toThrow(WalViolation)
    expect(largestBytes).toBeLessThanOrEqual(Math.min(44, 4 + MAX_FRAME_JSON_BYTES))
  },
  100,
)
