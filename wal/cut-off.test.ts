import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { lookBeyond } from './beyond.ts'
import { LEGACY_UPGRADE_VARIABLE, SAFE_SEQ_FILE, WAL_FILE } from './layout.ts'
import { memoryDisk } from './memory-disk.ts'
import { frame, frames, framesFrom, LogDirectory, seqs } from './testing/log-directory.ts'

const TORN = frames(9).subarray(0, 11)

/** The files that a recovery kept, by name. */
function keptIn(directory: LogDirectory): string[] {
  return readdirSync(directory.path).filter((name) => name.includes('.cut'))
}

test.each([
  ['one byte', Buffer.alloc(1), { wholeFrames: 0 }],
  ['zeros', Buffer.alloc(4096), { wholeFrames: 0 }],
  ['half a frame', TORN, { wholeFrames: 0 }],
  ['a length of 4 GiB', Buffer.from([255, 255, 255, 255, 1]), { wholeFrames: 0 }],
  ['the next frame', frames(3), { wholeFrames: 1, firstSeq: '3', lastSeq: '3' }],
  [
    'the next frame and half of another',
    Buffer.concat([frames(3), TORN]),
    { wholeFrames: 1, firstSeq: '3', lastSeq: '3' },
  ],
  ['frames with a gap', frames(3, 9), { wholeFrames: 2, firstSeq: '3', lastSeq: '9' }],
  ['an old block', frames(1, 2), { wholeFrames: 2, firstSeq: '1', lastSeq: '2' }],
  [
    'a frame between some that hold none',
    Buffer.concat([frame('?'), Buffer.alloc(8), frames(3), frame('{}')]),
    { wholeFrames: 1, firstSeq: '3', lastSeq: '3' },
  ],
])(
  'cut: %s beyond the safe point is told of before it is cut off, and a crash explains it',
  (_, beyond, told) => {
    const directory = new LogDirectory({ wal: Buffer.concat([frames(1, 2), beyond]), safeSeq: 2 })
    let walBytesWhenTold = 0
    directory.open({
      log: (record) => {
        directory.records.push(record)
        walBytesWhenTold = directory.bytes(WAL_FILE).length
      },
    })
    expect(directory.records).toEqual([
      {
        level: 'warn',
        message: 'WAL_PHANTOM_DISCARDED',
        attributes: {
          directory: directory.path,
          safeSeq: '2',
          offsetBytes: frames(1, 2).length,
          bytes: beyond.length,
          ...told,
        },
      },
    ])
    expect(walBytesWhenTold).toBe(frames(1, 2).length + beyond.length)
    expect(keptIn(directory)).toEqual([])
  },
)

test('cut: where nothing is cut off, nothing is told', () => {
  const directory = new LogDirectory({ wal: frames(1, 2), safeSeq: 2 })
  directory.open()
  expect(directory.records).toEqual([])
})

test.each([
  ['safe_seq is eight zero bytes', 0],
  ['safe_seq is of an older moment', 60],
])(
  'kept: %s over 100 entries, and those beyond it are kept before they are cut off',
  (_, safeSeq) => {
    const directory = new LogDirectory({ wal: framesFrom(1, 100), safeSeq })
    expect(directory.open().safeSeq).toBe(BigInt(safeSeq))
    const file = `telemetry.wal.cut-${safeSeq}`
    const beyond = framesFrom(safeSeq + 1, 100)
    expect(keptIn(directory)).toEqual([file])
    expect(directory.bytes(file)).toEqual(beyond)
    const told = {
      directory: directory.path,
      safeSeq: String(safeSeq),
      offsetBytes: framesFrom(1, safeSeq).length,
      bytes: beyond.length,
      wholeFrames: 100 - safeSeq,
      firstSeq: String(safeSeq + 1),
      lastSeq: '100',
      kept: file,
    }
    expect(directory.records).toEqual([
      {
        level: 'error',
        message: 'WAL_PHANTOM_KEPT',
        attributes: { ...told, keptBytes: beyond.length, note: expect.stringContaining(file) },
      },
      { level: 'warn', message: 'WAL_PHANTOM_DISCARDED', attributes: told },
    ])
  },
)

test('kept: what the record says brings every entry back', () => {
  const directory = new LogDirectory({ wal: framesFrom(1, 100), safeSeq: 60 })
  directory.open().close()
  const kept = directory.bytes('telemetry.wal.cut-60')
  directory.put(WAL_FILE, Buffer.concat([directory.bytes(WAL_FILE), kept]))
  directory.remove(SAFE_SEQ_FILE)
  const wal = directory.open({ environment: { [LEGACY_UPGRADE_VARIABLE]: '1' } })
  expect(seqs(wal)).toEqual(Array.from({ length: 100 }, (_, i) => BigInt(i + 1)))
  expect(wal.append({})).toBe(101n)
  wal.close()
  expect(directory.open().safeSeq).toBe(101n)
})

const rotten = frame('{"seq":?}')
test.each([
  ['two frames that follow it', frames(3, 4)],
  ['two frames and half of a third', Buffer.concat([frames(3, 4), TORN])],
  ['two frames and zeros', Buffer.concat([frames(3, 4), Buffer.alloc(5000)])],
  ['frames of which the first has rotted', Buffer.concat([rotten, frames(4, 5)])],
  ['frames of which one between has rotted', Buffer.concat([frames(3), rotten, frames(5)])],
  ['frames behind a gap', frames(7, 8)],
  ['frames behind others', frames(1, 9, 4, 5)],
])('kept: %s are more than a crash can leave beyond a safe point', (_, beyond) => {
  const directory = new LogDirectory({ wal: Buffer.concat([frames(1, 2), beyond]), safeSeq: 2 })
  directory.open()
  expect(directory.messages()).toEqual(['WAL_PHANTOM_KEPT', 'WAL_PHANTOM_DISCARDED'])
  expect(directory.bytes('telemetry.wal.cut-2')).toEqual(beyond)
  expect(directory.bytes(WAL_FILE)).toEqual(frames(1, 2))
})

test('cut: where no entry comes for so many bytes the count is given up, and no more than they are kept', () => {
  const log = Buffer.concat([framesFrom(1, 4), Buffer.alloc(3000), frames(5), Buffer.alloc(9000)])
  const disk = memoryDisk({ '/log': log })
  const file = disk.open('/log', 'read')
  const range = { startBytes: frames(1).length, sizeBytes: log.length, safeSeq: 1n }
  const bytes = log.length - frames(1).length
  expect(lookBeyond(disk, file, { ...range, giveUpBytes: 2000 })).toEqual({
    bytes,
    wholeFrames: 3,
    firstSeq: 2n,
    lastSeq: 4n,
    inARow: 3,
    keepEndBytes: framesFrom(1, 4).length + 2000,
  })
  expect(lookBeyond(disk, file, { ...range, giveUpBytes: 4000 })).toMatchObject({
    wholeFrames: 4,
    lastSeq: 5n,
    keepEndBytes: framesFrom(1, 5).length + 3000 + 4000,
  })
  expect(lookBeyond(disk, file, range)).toMatchObject({ wholeFrames: 4, keepEndBytes: log.length })
})

test('kept: a legacy upgrade and an operator reset have nothing to keep, and tell what they cut', () => {
  const legacy = new LogDirectory({ wal: Buffer.concat([framesFrom(1, 9), TORN]) })
  legacy.open({ environment: { [LEGACY_UPGRADE_VARIABLE]: '1' } })
  expect(legacy.messages()).toEqual(['WAL_LEGACY_UPGRADE', 'WAL_PHANTOM_DISCARDED'])
  const reset = new LogDirectory({ wal: Buffer.concat([frame('?'), Buffer.alloc(90)]) })
  reset.put('runtime.db', '')
  reset.open({ environment: { AUTONOMYOPS_WAL_OPERATOR_RESET: '1' } })
  expect(reset.messages()).toEqual(['WAL_RESET_BY_OPERATOR', 'WAL_PHANTOM_DISCARDED'])
  expect([...keptIn(legacy), ...keptIn(reset)]).toEqual([])
})
