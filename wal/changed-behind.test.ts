import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { aroundDisk } from './around-disk.ts'
import type { Disk } from './disk.ts'
import { SAFE_SEQ_FILE, SAFE_SEQ_TMP_FILE, WAL_FILE } from './layout.ts'
import { memoryDisk } from './memory-disk.ts'
import { nodeDisk } from './node-disk.ts'
import { frames, framesFrom, LogDirectory, safeSeqBytes, seqs } from './testing/log-directory.ts'
import { Wal } from './wal.ts'

const code = (expected: string) => expect.objectContaining({ code: expected })

/** Puts a copy of a file of the directory in its place: the same bytes in another file. */
function replaceByCopy({ path }: LogDirectory, name: string): void {
  copyFileSync(join(path, name), join(path, 'copy'))
  renameSync(join(path, 'copy'), join(path, name))
}

function appendAs(other: 'another opener', directory: LogDirectory, entries = 1): void {
  const wal = Wal.open(directory.path, { environment: {} })
  for (let i = 0; i < entries; i++) wal.append({ by: other })
  wal.close()
}

const CHANGES: [string, (directory: LogDirectory) => void, RegExp][] = [
  [
    'another opener appends',
    (d) => appendAs('another opener', d),
    /safe_seq is 4, and this log left it at 3/,
  ],
  [
    'another opener appends twice and the log is cut back',
    (d) => {
      appendAs('another opener', d, 2)
      truncateSync(join(d.path, WAL_FILE), framesFrom(1, 3).length)
    },
    /safe_seq is 5/,
  ],
  [
    'another opener appends and safe_seq is put back',
    (d) => {
      appendAs('another opener', d)
      d.put(SAFE_SEQ_FILE, safeSeqBytes(3))
    },
    /telemetry.wal is \d+ bytes long/,
  ],
  [
    'the log is cut back to the end of a frame',
    (d) => truncateSync(join(d.path, WAL_FILE), framesFrom(1, 2).length),
    /telemetry.wal is \d+ bytes long/,
  ],
  ['the log is emptied', (d) => truncateSync(join(d.path, WAL_FILE)), /is 0 bytes long/],
  ['half a frame is added', (d) => appendFileSync(join(d.path, WAL_FILE), 'x'), /bytes long/],
  [
    'the log is replaced by a copy of itself',
    (d) => replaceByCopy(d, WAL_FILE),
    /another file stands/,
  ],
  ['the log is deleted', (d) => d.remove(WAL_FILE), /telemetry.wal is gone/],
  [
    'the log is moved away, and a link to it put in its place',
    ({ path }) => {
      renameSync(join(path, WAL_FILE), join(path, 'moved'))
      symlinkSync(join(path, 'moved'), join(path, WAL_FILE))
    },
    /another file stands/,
  ],
  ['safe_seq is deleted', (d) => d.remove(SAFE_SEQ_FILE), /safe_seq is gone/],
  ['safe_seq is zeroed', (d) => d.put(SAFE_SEQ_FILE, Buffer.alloc(8)), /safe_seq is 0/],
  ['safe_seq is of an older moment', (d) => d.put(SAFE_SEQ_FILE, safeSeqBytes(2)), /safe_seq is 2/],
  ['safe_seq is of a newer moment', (d) => d.put(SAFE_SEQ_FILE, safeSeqBytes(9)), /safe_seq is 9/],
  ['safe_seq is emptied', (d) => d.put(SAFE_SEQ_FILE, ''), /safe_seq has another length/],
  ['safe_seq is longer', (d) => d.put(SAFE_SEQ_FILE, Buffer.alloc(9)), /has another length/],
  [
    'safe_seq becomes a directory',
    (d) => {
      d.remove(SAFE_SEQ_FILE)
      mkdirSync(join(d.path, SAFE_SEQ_FILE))
    },
    /safe_seq is no file any more/,
  ],
  [
    'safe_seq becomes a link to a good one',
    ({ path }) => {
      renameSync(join(path, SAFE_SEQ_FILE), join(path, 'moved'))
      symlinkSync(join(path, 'moved'), join(path, SAFE_SEQ_FILE))
    },
    /safe_seq is no file any more/,
  ],
]

test.each(CHANGES)(
  'changed behind: %s, and the next append overwrites nothing',
  (_, change, why) => {
    const directory = new LogDirectory({ wal: framesFrom(1, 2), safeSeq: 2 })
    const wal = directory.open()
    // A frame as `frames` makes it.
    expect(wal.append({ note: 'entry 3' })).toBe(3n)
    change(directory)
    const before = directory.snapshot()
    expect(() => wal.append({ note: 'lost' })).toThrowError(
      expect.objectContaining({
        code: 'CHANGED_BEHIND',
        seq: 4n,
        message: expect.stringMatching(why),
      }),
    )
    expect(directory.snapshot()).toEqual(before)
    expect(() => wal.append({ note: 'lost' })).toThrowError(code('REOPEN_NEEDED'))
    expect(directory.snapshot()).toEqual(before)
    wal.close()
  },
)

test('changed behind: the directory is renamed, and nothing is written to another in its place', () => {
  const parent = new LogDirectory()
  const path = join(parent.path, 'log')
  mkdirSync(path)
  const wal = Wal.open(path, { environment: {} })
  onTestFinished(() => wal.close())
  wal.append({})
  renameSync(path, `${path}.old`)
  expect(() => wal.append({})).toThrowError(code('CHANGED_BEHIND'))
  expect(Object.keys(parent.snapshot())).not.toContain('log')

  cpSync(`${path}.old`, path, { recursive: true })
  const again = Wal.open(path, { environment: {} })
  onTestFinished(() => again.close())
  rmSync(path, { recursive: true })
  cpSync(`${path}.old`, path, { recursive: true })
  const before = parent.snapshot()
  expect(() => again.append({})).toThrowError(code('CHANGED_BEHIND'))
  expect(parent.snapshot()).toEqual(before)
})

test('changed behind: of two openers the one that appends second is refused, and no acknowledged entry is lost', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  const first = directory.open()
  const second = directory.open()
  expect(first.append({ by: 'first' })).toBe(2n)
  expect(() => second.append({ by: 'second' })).toThrowError(code('CHANGED_BEHIND'))
  expect(() => second.append({ by: 'second' })).toThrowError(code('REOPEN_NEEDED'))
  expect(seqs(second)).toEqual([1n])
  expect(first.append({ by: 'first' })).toBe(3n)
  second.close()
  const reopened = directory.open()
  expect(Array.from(reopened.readFrom(1n), ({ fields }) => fields.by)).toEqual(['first', 'first'])
  expect(reopened.append({ by: 'second' })).toBe(4n)
  expect(() => first.append({ by: 'first' })).toThrowError(code('CHANGED_BEHIND'))
  expect(directory.open().safeSeq).toBe(4n)
})

test('changed behind: a log whose own last append failed is told from one that others changed', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  const disk = aroundDisk(nodeDisk, ({ name }, proceed) => {
    if (name === 'rename') throw Object.assign(new Error('EIO: no'), { code: 'EIO' })
    return proceed()
  })
  const wal = directory.open({ disk })
  expect(() => wal.append({})).toThrowError(code('DISK_FAILED'))
  expect(() => wal.append({})).toThrowError(code('REOPEN_NEEDED'))
})

test('changed behind: what cannot be asked is an error of the disk, and nothing is written', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  let broken = false
  const disk = aroundDisk(nodeDisk, ({ name }, proceed) => {
    if (broken && name === 'peek') throw Object.assign(new Error('EIO: no'), { code: 'EIO' })
    return proceed()
  })
  const wal = directory.open({ disk })
  broken = true
  const before = directory.snapshot()
  expect(() => wal.append({})).toThrowError(code('DISK_FAILED'))
  expect(() => wal.append({})).toThrowError(code('REOPEN_NEEDED'))
  expect(directory.snapshot()).toEqual(before)
})

/** A disk on which `act` is done once, before the `call`-th operation of that name on that file. */
function meanwhile(name: keyof Disk, file: string, act: () => void, call = 1): Disk {
  let calls = 0
  return aroundDisk(nodeDisk, (made, proceed) => {
    if (made.name === name && made.path.endsWith(file) && ++calls === call) act()
    return proceed()
  })
}

test.each([
  ['write', WAL_FILE],
  ['sync', WAL_FILE],
  ['open', SAFE_SEQ_TMP_FILE],
  ['sync', SAFE_SEQ_TMP_FILE],
  ['close', SAFE_SEQ_TMP_FILE],
] as const)(
  'changed behind: another opens the log before the %s of %s in an append, which acknowledges nothing that is cut off',
  (name, file) => {
    const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
    let other: Wal | undefined
    const disk = meanwhile(name, file, () => {
      other = directory.open()
    })
    const wal = directory.open({ disk })
    let acked: bigint | undefined
    try {
      acked = wal.append({})
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/CHANGED_BEHIND|DISK_FAILED/) })
    }
    expect(other?.safeSeq).toBe(1n)
    // What it returned before anything had been written was not cut off.
    expect(acked).toBe(name === 'write' ? 2n : undefined)
    expect(directory.open().safeSeq).toBe(acked ?? 1n)
  },
)

test('changed behind: another append is done between the examination of a log and its cut, and its entry stays', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  const first = directory.open()
  const disk = meanwhile('open', WAL_FILE, () => void first.append({ by: 'first' }), 2)
  expect(() => directory.open({ disk })).toThrowError(code('CHANGED_BEHIND'))
  expect(Array.from(directory.open().readFrom(1n), ({ fields }) => fields.by)).toEqual(['first'])
})

test('changed behind: the append is done while the recovery’s record is written, and its entry stays', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  const disk = meanwhile('sync', WAL_FILE, () => {
    // The frame is written and not yet committed: to this opener it is a phantom.
    const log = (): void => void directory.put(SAFE_SEQ_FILE, safeSeqBytes(2))
    expect(() => Wal.open(directory.path, { environment: {}, log })).toThrowError(
      code('CHANGED_BEHIND'),
    )
  })
  expect(directory.open({ disk }).append({ by: 'first' })).toBe(2n)
  expect(directory.open().safeSeq).toBe(2n)
})

test('changed behind: of two that open a new directory at once neither puts the safe point of the other back', () => {
  const directory = new LogDirectory()
  const disk = meanwhile('open', WAL_FILE, () => void directory.open().append({ by: 'first' }))
  expect(() => directory.open({ disk })).toThrowError(code('CHANGED_BEHIND'))
  expect(directory.open().safeSeq).toBe(1n)
})

test('changed behind: it is seen on a disk in memory as well', () => {
  const disk = memoryDisk()
  const [first, second] = [1, 2].map(() => Wal.open('/log', { disk, environment: {} })) as [
    Wal,
    Wal,
  ]
  expect(first.append({})).toBe(1n)
  expect(() => second.append({})).toThrowError(code('CHANGED_BEHIND'))
  disk.rename('/log/telemetry.wal', '/log/moved')
  expect(() => first.append({})).toThrowError(code('CHANGED_BEHIND'))
})
