import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { aroundDisk } from './around-disk.ts'
import type { Disk } from './disk.ts'
import { MAX_FRAME_JSON_BYTES, MAX_LOG_BYTES, MAX_SEQ, SAFE_SEQ_FILE, WAL_FILE } from './layout.ts'
import { nodeDisk } from './node-disk.ts'
import { frame, frames, LogDirectory, seqs } from './testing/log-directory.ts'
import { recordingDisk } from './testing/recording-disk.ts'
import { Wal } from './wal.ts'

/** The real disk, which fails or shortens the n-th call of one operation on one file. */
function failing(name: keyof Disk, file: string, answer: () => unknown, call = 1): Disk {
  let calls = 0
  return aroundDisk(nodeDisk, (made, proceed) => {
    if (made.name !== name || !made.path.endsWith(file)) return proceed()
    return ++calls === call ? answer() : proceed()
  })
}

function eio(): never {
  throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
}

const code = (expected: string) => expect.objectContaining({ code: expected })

test('an entry appended is there again after a reopen, with its fields', () => {
  const directory = new LogDirectory()
  const wal = directory.open()
  const fields = { text: 'ü\n"', nested: { list: [1, null, true] }, seqs: 1 }
  expect(wal.append(fields)).toBe(1n)
  expect(wal.append({})).toBe(2n)
  wal.close()
  expect([...directory.open().readFrom(0n)]).toEqual([
    { seq: 1n, fields },
    { seq: 2n, fields: {} },
  ])
})

test('readFrom returns what is after the seq given, and what was committed at the call', () => {
  const wal = new LogDirectory({ wal: frames(1, 2, 3), safeSeq: 3 }).open()
  expect(seqs(wal, 2n)).toEqual([3n])
  expect(seqs(wal, 3n)).toEqual([])
  const atTheCall = wal.readFrom(0n)
  wal.append({})
  expect([...atTheCall].length).toBe(3)
  expect(seqs(wal).length).toBe(4)
})

test('the directory, the safe point and the size are told', () => {
  const directory = new LogDirectory({ wal: frames(1, 2, 3), safeSeq: 2 })
  const wal = directory.open()
  expect(wal.directory).toBe(directory.path)
  expect(wal.safeSeq).toBe(2n)
  expect(wal.sizeBytes).toBe(frames(1, 2).length)
})

test('bad JSON: at read, a committed frame altered behind an open log is an error', () => {
  const directory = new LogDirectory({ wal: frames(1, 2, 3), safeSeq: 3 })
  const wal = directory.open()
  const bytes = directory.bytes(WAL_FILE)
  bytes[frames(1).length + 4] = 0
  directory.put(WAL_FILE, bytes)
  const read: bigint[] = []
  expect(() => {
    for (const { seq } of wal.readFrom(0n)) read.push(seq)
  }).toThrowError(code('WAL_CORRUPT_INVALID_JSON'))
  expect(read).toEqual([1n])
})

test('a gap or a loss behind an open log is an error at read', () => {
  const directory = new LogDirectory({ wal: frames(1, 2), safeSeq: 2 })
  const wal = directory.open()
  directory.put(WAL_FILE, frames(1, 3))
  expect(() => seqs(wal)).toThrowError(code('SEQ_GAP'))
  directory.put(WAL_FILE, frames(1))
  expect(() => seqs(wal)).toThrowError(
    expect.objectContaining({
      code: 'SAFESEQ_GT_MAXSEQ',
      message: expect.stringContaining('the safe point is 2 and the log now ends at 1'),
    }),
  )
})

test('size: an append that would pass the limit is refused before anything is written', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  const maxLogBytes = frames(1).length + frame('{"seq":2,"a":"bc"}').length
  const wal = directory.open({ maxLogBytes })
  const before = directory.snapshot()
  expect(() => wal.append({ a: 'bcd' })).toThrowError(code('LOG_FULL'))
  expect(directory.snapshot()).toEqual(before)
  expect(wal.append({ a: 'bc' })).toBe(2n)
  expect(MAX_LOG_BYTES).toBe(64 * 1024 * 1024)
})

test('a frame over the limit and bad fields are refused before anything is written', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  const wal = directory.open()
  const before = directory.snapshot()
  expect(() => wal.append({ a: 'x'.repeat(1024 * 1024) })).toThrowError(code('FRAME_TOO_LARGE'))
  expect(() => wal.append({ seq: 5 })).toThrowError(code('FIELDS_INVALID'))
  expect(directory.snapshot()).toEqual(before)
  expect(wal.append({})).toBe(2n)
})

test('a closed log says so, and closing twice is fine', () => {
  const wal = new LogDirectory().open()
  wal.close()
  wal.close()
  expect(() => wal.append({})).toThrowError(code('CLOSED'))
  expect(() => wal.readFrom(0n)).toThrowError(code('CLOSED'))
})

test('no file stays open: not after close, and not after an open that the disk refused', () => {
  const directory = new LogDirectory({ wal: frames(1, 2), safeSeq: 1 })
  const files = new Set<unknown>()
  const counting = (inner: Disk) =>
    aroundDisk(inner, ({ name, args }, proceed) => {
      const result = proceed()
      if (name === 'open') files.add(result)
      if (name === 'close') files.delete(args[0])
      return result
    })
  const refusing = counting(failing('truncate', WAL_FILE, eio))
  expect(() => directory.open({ disk: refusing })).toThrowError(code('DISK_FAILED'))
  expect(files.size).toBe(0)
  const wal = directory.open({ disk: counting(nodeDisk) })
  wal.append({})
  expect(files.size).toBe(1)
  wal.close()
  expect(files.size).toBe(0)
})

test('the last seq that safe_seq can hold is given, and none after it', () => {
  const safeSeq = MAX_SEQ - 1n
  const directory = new LogDirectory({ wal: Buffer.alloc(0), safeSeq })
  const file = nodeDisk.open(join(directory.path, WAL_FILE), 'update')
  const findings = {
    safeSeq,
    safeSeqRead: safeSeq,
    endBytes: 0,
    safePointDue: false,
    readOnly: undefined,
  }
  const wal = new Wal(directory.path, file, findings, {})
  onTestFinished(() => wal.close())
  expect(wal.append({})).toBe(2n ** 64n - 1n)
  expect(directory.bytes(SAFE_SEQ_FILE).toString('hex')).toBe('ffffffffffffffff')
  const before = directory.snapshot()
  expect(() => wal.append({})).toThrowError(code('SEQ_EXHAUSTED'))
  expect(directory.snapshot()).toEqual(before)
})

test('a read that is begun or carried on after close says so, and reads from no other file', () => {
  const other = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  const wal = new LogDirectory({ wal: frames(1, 2), safeSeq: 2 }).open()
  const [begun, carriedOn] = [wal.readFrom(0n), wal.readFrom(0n)[Symbol.iterator]()]
  carriedOn.next()
  wal.close()
  other.open()
  for (const read of [() => begun[Symbol.iterator]().next(), () => carriedOn.next()]) {
    expect(read).toThrowError(code('CLOSED'))
  }
})

test('an append from within an append is refused: no seq is given twice', () => {
  const directory = new LogDirectory()
  const refused: unknown[] = []
  const appendAnother = () => {
    try {
      wal.append({ note: 'inner' })
    } catch (error) {
      refused.push(error)
    }
  }
  const observers = { onLogSynced: appendAnother, onSafePointAdvanced: appendAnother }
  const wal = directory.open({ observers })
  const fields = Object.defineProperty({}, 'note', { get: appendAnother, enumerable: true })
  expect(wal.append(fields)).toBe(1n)
  expect(wal.append({ note: 'outer' })).toBe(2n)
  expect(refused).toEqual(Array.from({ length: 5 }, () => code('APPEND_IN_APPEND')))
  wal.close()
  expect(seqs(directory.open())).toEqual([1n, 2n])
})

test('a directory that is not there is an error of the disk, not of the log', () => {
  const directory = new LogDirectory()
  rmSync(directory.path, { recursive: true })
  expect(() => directory.open()).toThrowError(code('DISK_FAILED'))
  expect(directory.records).toEqual([])
})

test.each([
  ['write', WAL_FILE],
  ['sync', WAL_FILE],
  ['open', 'safe_seq.tmp'],
  ['write', 'safe_seq.tmp'],
  ['sync', 'safe_seq.tmp'],
  ['rename', 'safe_seq.tmp'],
] as const)(
  'trap 4: after a failed %s of %s no append succeeds until the log is reopened',
  (name, file) => {
    const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
    const wal = directory.open({ disk: failing(name, file, eio) })
    expect(() => wal.append({ note: 'lost' })).toThrowError(code('DISK_FAILED'))
    expect(() => wal.append({ note: 'next' })).toThrowError(code('REOPEN_NEEDED'))
    expect(seqs(wal)).toEqual([1n])
    wal.close()
    const reopened = directory.open()
    expect(seqs(reopened)).toEqual([1n])
    expect(reopened.append({ note: 'again' })).toBe(2n)
  },
)

test('trap 4: a failed sync of the directory leaves the old or the new safe point, and is no success', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  const wal = directory.open({ disk: failing('syncDirectory', directory.path, eio, 2) })
  expect(() => wal.append({})).toThrowError(code('DISK_FAILED'))
  expect(() => wal.append({})).toThrowError(code('REOPEN_NEEDED'))
  wal.close()
  expect([1n, 2n]).toContain(directory.open().safeSeq)
})

test('a short write is carried on, and a disk that takes nothing is an error', () => {
  const directory = new LogDirectory()
  const oneByte = aroundDisk(nodeDisk, ({ name, args }, proceed) => {
    if (name !== 'write') return proceed()
    const [file, bytes, positionBytes] = args as [number, Uint8Array, number]
    return nodeDisk.write(file, bytes.subarray(0, 1), positionBytes)
  })
  const wal = directory.open({ disk: oneByte })
  expect(wal.append({ note: 'a byte at a time' })).toBe(1n)
  wal.close()
  expect(seqs(directory.open())).toEqual([1n])
  const none = directory.open({ disk: failing('write', WAL_FILE, () => 0) })
  expect(() => none.append({})).toThrowError(code('DISK_FAILED'))
})

test('trap 1: a crash at any operation of the first open and append, or inside a write, leaves a log that opens', () => {
  let survived = false
  for (let last = 1; !survived; last++) {
    const directory = new LogDirectory()
    let operations = 0
    const dying = aroundDisk(nodeDisk, ({ name, args }, proceed) => {
      // The system closes the files of the dead.
      if (name === 'close' || ++operations < last) return proceed()
      const [file, bytes, positionBytes] = args as [number, Uint8Array, number]
      if (operations === last && name === 'write') {
        nodeDisk.write(file, bytes.subarray(0, bytes.length / 2), positionBytes)
      }
      throw new Error('the process is dead')
    })
    let acked: bigint | undefined
    try {
      acked = directory.open({ disk: dying }).append({ note: 'first' })
    } catch {}
    const recovered = seqs(directory.open())
    expect([[], [1n]]).toContainEqual(recovered)
    if (acked !== undefined) expect(recovered).toEqual([1n])
    for (const message of directory.messages()) expect(message).toBe('WAL_PHANTOM_DISCARDED')
    survived = acked !== undefined
  }
})

test('trap 2: a safe_seq of 0 whose log is missing opens, and the next append survives', () => {
  const directory = new LogDirectory({ safeSeq: 0 })
  expect(directory.open().append({})).toBe(1n)
  expect(seqs(directory.open())).toEqual([1n])
})

test.each([
  ['inside', [1, 2, 4, 7], 'SEQ_GAP', frames(1, 2).length],
  ['at the start', [3, 5], 'FIRST_SEQ_NOT_ONE', 0],
])(
  'trap 5: a legacy log with a gap %s warns, can be read, and refuses appends',
  (_, given, cause, offsetBytes) => {
    const directory = new LogDirectory({ wal: frames(...given) })
    const before = directory.snapshot()
    const disk = aroundDisk(nodeDisk, ({ name, args }, proceed) => {
      if (name === 'open') expect(args[1]).toBe('read')
      return proceed()
    })
    const wal = directory.open({ disk, environment: { AUTONOMYOPS_WAL_LEGACY_UPGRADE: '1' } })
    expect(directory.records).toMatchObject([
      { level: 'warn', message: 'WAL_LEGACY_UPGRADE' },
      { level: 'warn', message: 'WAL_LEGACY_GAP', attributes: { cause, offsetBytes } },
    ])
    expect(seqs(wal)).toEqual(given.map(BigInt))
    expect(() => wal.append({})).toThrowError(code(cause))
    expect(directory.snapshot()).toEqual(before)
  },
)

test('a log longer than one window of the scanner is read whole, a window at a time', () => {
  const directory = new LogDirectory()
  const wal = directory.open()
  const fill = 'x'.repeat(700_000)
  for (let i = 0; i < 4; i++) wal.append({ i, fill })
  wal.close()
  const readBytes: number[] = []
  const disk = aroundDisk(nodeDisk, ({ name, path, args }, proceed) => {
    if (name === 'read' && path.endsWith(WAL_FILE)) readBytes.push((args[1] as Buffer).length)
    return proceed()
  })
  const entries = [...directory.open({ disk }).readFrom(0n)]
  expect(entries.map(({ fields }) => [fields.i, (fields.fill as string).length])).toEqual(
    [0, 1, 2, 3].map((i) => [i, 700_000]),
  )
  expect(Math.max(...readBytes)).toBeLessThanOrEqual(4 + MAX_FRAME_JSON_BYTES)
})

test('a log shorter than one window is read from the disk once', () => {
  const seqsGiven = Array.from({ length: 100 }, (_, i) => i + 1)
  const directory = new LogDirectory({ wal: frames(...seqsGiven), safeSeq: 100 })
  const { disk, calls } = recordingDisk(directory.path)
  directory.open({ disk })
  expect(calls.filter((call) => call === 'read telemetry.wal').length).toBe(1)
})

test('a file inside the directory that cannot be read is an error of the disk', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  const disk = failing('read', WAL_FILE, eio)
  expect(() => directory.open({ disk })).toThrowError(code('DISK_FAILED'))
  expect(directory.records).toEqual([])
})
