import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aroundDisk, type DiskCall } from './around-disk.ts'
import type { Disk } from './disk.ts'
import { KEPT_TMP_FILE, SAFE_SEQ_FILE, WAL_FILE } from './layout.ts'
import { nodeDisk } from './node-disk.ts'
import {
  frame,
  frames,
  framesFrom,
  LogDirectory,
  safeSeqBytes,
  seqs,
} from './testing/log-directory.ts'
import { recordingDisk } from './testing/recording-disk.ts'

const KEPT = 'telemetry.wal.cut-2'
const BEYOND = framesFrom(3, 6)

/** A log of six entries whose safe point has fallen back to the second. */
function fallenBack(): LogDirectory {
  return new LogDirectory({ wal: framesFrom(1, 6), safeSeq: 2 })
}

/** The real disk until its `last`-th operation, which `strike` answers, as it does all behind it. */
function struckAt(last: number, strike: (call: DiskCall) => unknown): Disk {
  let operations = 0
  return aroundDisk(nodeDisk, (call, proceed) => {
    // The system closes the files of the dead.
    if (call.name === 'close') return proceed()
    return ++operations < last ? proceed() : strike(call)
  })
}

/** What must hold of a directory at every moment of a recovery that keeps: no entry is nowhere. */
function expectNothingLost(directory: LogDirectory): void {
  const wal = directory.bytes(WAL_FILE)
  const kept = directory.has(KEPT) ? directory.bytes(KEPT) : undefined
  if (kept !== undefined) expect(kept).toEqual(BEYOND)
  expect(wal).toEqual(wal.length > frames(1, 2).length ? framesFrom(1, 6) : frames(1, 2))
  if (wal.length === frames(1, 2).length) expect(kept).toEqual(BEYOND)
  expect(directory.bytes(SAFE_SEQ_FILE)).toEqual(safeSeqBytes(2))
}

/** What must hold once a recovery has come to its end. */
function expectKeptOnce(directory: LogDirectory): void {
  const wal = directory.open()
  expect(seqs(wal)).toEqual([1n, 2n])
  expect(Object.keys(directory.snapshot())).toEqual([SAFE_SEQ_FILE, WAL_FILE, KEPT])
  expectNothingLost(directory)
  expect(wal.append({})).toBe(3n)
  wal.close()
}

test('kept: what is kept, and its name, is durable before anything is cut off', () => {
  const directory = fallenBack()
  const { disk, calls } = recordingDisk(directory.path)
  directory.open({ disk })
  const changes = calls.filter((call) => !/^(look|peek|exists|identity|sizeBytes|read) /.test(call))
  const from = changes.indexOf(`open ${KEPT_TMP_FILE}`)
  expect(changes.slice(from, from + 8)).toEqual([
    `open ${KEPT_TMP_FILE}`,
    `write ${KEPT_TMP_FILE}`,
    `sync ${KEPT_TMP_FILE}`,
    `close ${KEPT_TMP_FILE}`,
    `rename ${KEPT_TMP_FILE}`,
    'syncDirectory .',
    `truncate ${WAL_FILE}`,
    `sync ${WAL_FILE}`,
  ])
})

test.each(['dies', 'dies within a write'])(
  'kept: a recovery that %s at any of its operations loses nothing, and the next one keeps the same once',
  (how) => {
    let recovered = false
    for (let last = 1; !recovered; last++) {
      const directory = fallenBack()
      const disk = struckAt(last, ({ name, args }) => {
        const [file, bytes, positionBytes] = args as [number, Uint8Array, number]
        if (name === 'write' && how === 'dies within a write') {
          nodeDisk.write(file, bytes.subarray(0, bytes.length / 2), positionBytes)
        }
        throw new Error('the process is dead')
      })
      try {
        directory.open({ disk })
        recovered = true
      } catch {}
      expectNothingLost(directory)
      expectKeptOnce(directory)
    }
  },
)

test.each(['ENOSPC', 'EIO', 'EROFS', 'EDQUOT'])(
  'kept: where keeping fails by %s nothing is cut off, no half of it stays, and the open says DISK_FAILED',
  (code) => {
    for (const failing of ['open', 'write', 'sync', 'rename'] as const) {
      const directory = fallenBack()
      const before = directory.snapshot()
      const disk = aroundDisk(nodeDisk, ({ name, path, args }, proceed) => {
        if (name !== failing || !path.endsWith(KEPT_TMP_FILE)) return proceed()
        const [file, bytes, positionBytes] = args as [number, Uint8Array, number]
        if (name === 'write') nodeDisk.write(file, bytes.subarray(0, 5), positionBytes)
        throw Object.assign(new Error(`${code}: no`), { code })
      })
      expect(() => directory.open({ disk })).toThrowError(
        expect.objectContaining({
          code: 'DISK_FAILED',
          message: expect.stringContaining('keeping what is beyond the safe point'),
          cause: expect.objectContaining({ code }),
        }),
      )
      expect(directory.snapshot()).toEqual(before)
      expect(directory.records).toEqual([])
      expectKeptOnce(directory)
    }
  },
)

test('kept: a name that could not be made durable is no name, and nothing is cut off', () => {
  const directory = fallenBack()
  const disk = aroundDisk(nodeDisk, ({ name }, proceed) => {
    if (name === 'syncDirectory') throw Object.assign(new Error('EIO: no'), { code: 'EIO' })
    return proceed()
  })
  expect(() => directory.open({ disk })).toThrowError(
    expect.objectContaining({ code: 'DISK_FAILED' }),
  )
  expect(directory.bytes(WAL_FILE)).toEqual(framesFrom(1, 6))
  expectKeptOnce(directory)
})

test('kept: a file that holds the same is taken for it, and made durable once more', () => {
  const directory = fallenBack()
  directory.put(KEPT, BEYOND)
  const { disk, calls } = recordingDisk(directory.path)
  directory.open({ disk })
  expect(calls.indexOf(`sync ${KEPT}`)).toBeGreaterThan(0)
  expect(calls.indexOf('syncDirectory .')).toBeLessThan(calls.indexOf(`truncate ${WAL_FILE}`))
  expectKeptOnce(directory)
})

test.each([
  ['shorter', BEYOND.subarray(0, -1)],
  ['longer', Buffer.concat([BEYOND, Buffer.alloc(1)])],
  ['empty', Buffer.alloc(0)],
  ['of the same length', Buffer.alloc(BEYOND.length)],
])(
  'kept: a file that holds something else, %s, is not overwritten: the next number is taken',
  (_, other) => {
    const directory = fallenBack()
    directory.put(KEPT, other)
    mkdirSync(join(directory.path, `${KEPT}.2`))
    directory.open()
    expect(directory.bytes(KEPT)).toEqual(Buffer.from(other))
    expect(directory.bytes(`${KEPT}.3`)).toEqual(BEYOND)
    expect(directory.records).toMatchObject([
      { level: 'error', attributes: { kept: `${KEPT}.3` } },
      { level: 'warn', attributes: { kept: `${KEPT}.3` } },
    ])
  },
)

test('kept: safe_seq falls back a second time, and each time has a file of its own', () => {
  const directory = fallenBack()
  let wal = directory.open()
  for (const note of ['another third', 'another fourth']) wal.append({ note })
  wal.close()
  const second = directory.bytes(WAL_FILE).subarray(frames(1, 2).length)
  directory.put(SAFE_SEQ_FILE, safeSeqBytes(2))
  wal = directory.open()
  expect(seqs(wal)).toEqual([1n, 2n])
  expect(directory.bytes(KEPT)).toEqual(BEYOND)
  expect(directory.bytes(`${KEPT}.2`)).toEqual(second)
})

test('kept: more than a window of bytes is kept whole', () => {
  const large = Buffer.concat(
    [3, 4, 5].map((seq) => frame(`{"seq":${seq},"fill":"${String(seq).repeat(700_000)}"}`)),
  )
  const directory = new LogDirectory({ wal: Buffer.concat([frames(1, 2), large]), safeSeq: 2 })
  directory.open().close()
  expect(directory.bytes(KEPT).equals(large)).toBe(true)
  directory.put(WAL_FILE, Buffer.concat([frames(1, 2), large]))
  directory.open()
  expect(directory.has(`${KEPT}.2`)).toBe(false)
})

test('kept: half a copy that a crash left is removed, though there is nothing to keep any more', () => {
  const directory = new LogDirectory({ wal: frames(1, 2), safeSeq: 2 })
  directory.put(KEPT_TMP_FILE, BEYOND.subarray(0, 9))
  directory.open()
  expect(directory.has(KEPT_TMP_FILE)).toBe(false)
})

test('kept: a kept file is not the log’s any more: it makes nothing steady, and is neither read nor touched', () => {
  const directory = new LogDirectory()
  directory.put('telemetry.wal.cut-0', frames(1, 2))
  const { disk, calls } = recordingDisk(directory.path)
  expect(directory.open({ disk }).append({})).toBe(1n)
  expect(calls.filter((call) => call.includes('cut-0'))).toEqual([])
  expect(directory.bytes('telemetry.wal.cut-0')).toEqual(frames(1, 2))
})
