import { expect, test } from 'vitest'
import { aroundDisk } from './around-disk.ts'
import {
  LEGACY_UPGRADE_VARIABLE,
  OPERATOR_RESET_VARIABLE,
  SAFE_SEQ_FILE,
  WAL_FILE,
} from './layout.ts'
import { nodeDisk } from './node-disk.ts'
import { expectViolation } from './testing/expect-violation.ts'
import { frame, frames, LogDirectory, safeSeqBytes, seqs } from './testing/log-directory.ts'
import { recordingDisk } from './testing/recording-disk.ts'

const LEGACY = { environment: { [LEGACY_UPGRADE_VARIABLE]: '1' } }
const RESET = { environment: { [OPERATOR_RESET_VARIABLE]: '1' } }

test.each([1, 3, 4, 5, 20])(
  '§3.3 tail: a partial frame of %i bytes at the end is no error: it is truncated, and told of',
  (tailBytes) => {
    const directory = new LogDirectory({
      wal: Buffer.concat([frames(1, 2), frames(3).subarray(0, tailBytes)]),
      safeSeq: 2,
    })
    expect(seqs(directory.open())).toEqual([1n, 2n])
    expect(directory.bytes(WAL_FILE)).toEqual(frames(1, 2))
    expect(directory.records).toMatchObject([
      { message: 'WAL_PHANTOM_DISCARDED', attributes: { bytes: tailBytes, wholeFrames: 0 } },
    ])
  },
)

test('R1: a log whose first frame is not seq 1 fails hard', () => {
  const directory = new LogDirectory({ wal: frames(2, 3), safeSeq: 3 })
  expect(expectViolation(directory, 'FIRST_SEQ_NOT_ONE')).toMatchObject({ seq: 2n, offsetBytes: 0 })
})

test('R1: it speaks even where the first frame is beyond the safe point', () => {
  expectViolation(new LogDirectory({ wal: frames(7), safeSeq: 3 }), 'FIRST_SEQ_NOT_ONE')
})

test.each([
  ['a missing seq', [1, 3], 3],
  ['a repeated seq', [1, 2, 2, 3], 3],
  ['a seq that falls', [1, 2, 1, 3], 3],
  ['a seq above the safe point in its midst', [1, 2, 4, 3], 3],
  ['several above it in its midst', [1, 2, 9, 8, 3, 4, 5], 5],
])('R2: %s in the committed range fails hard', (_, given, safeSeq) => {
  const directory = new LogDirectory({ wal: frames(...given), safeSeq })
  const violation = expectViolation(directory, 'SEQ_GAP')
  expect(violation.offsetBytes).toBeGreaterThan(0)
})

test.each([
  ['a gap', [1, 2, 4]],
  ['a repetition', [1, 2, 2]],
  ['a fall', [1, 2, 1]],
])('R2: %s beyond the safe point is a phantom and not an error', (_, given) => {
  const directory = new LogDirectory({ wal: frames(...given), safeSeq: 2 })
  expect(seqs(directory.open())).toEqual([1n, 2n])
})

test('R2: bad JSON between a seq above the safe point and its frame does not hide the frame', () => {
  const wal = Buffer.concat([frames(1, 9), frame('?'), frames(2)])
  const violation = expectViolation(new LogDirectory({ wal, safeSeq: 2 }), 'SEQ_GAP')
  expect(violation).toMatchObject({ seq: 9n, offsetBytes: frames(1).length })
})

test('R3: a safe point above the last seq fails hard', () => {
  const directory = new LogDirectory({ wal: frames(1, 2), safeSeq: 5 })
  const violation = expectViolation(directory, 'SAFESEQ_GT_MAXSEQ')
  expect(violation.seq).toBe(5n)
  expect(violation.message).toContain('safe_seq is 5 and the last frame has seq 2')
})

test('R3: a last frame that is only partly there counts as missing', () => {
  const directory = new LogDirectory({ wal: frames(1, 2).subarray(0, -1), safeSeq: 2 })
  expectViolation(directory, 'SAFESEQ_GT_MAXSEQ')
})

test('R3: a length above the limit of a frame ends the structure', () => {
  const wal = Buffer.concat([
    frames(1),
    Buffer.from([0xff, 0xff, 0xff, 0xff]),
    Buffer.alloc(2 ** 21),
  ])
  expectViolation(new LogDirectory({ wal, safeSeq: 2 }), 'SAFESEQ_GT_MAXSEQ')
})

test.each([
  ['a higher one', [1, 2, 4]],
  ['several higher ones', [1, 2, 5, 4, 9]],
])(
  'R4: a safe point whose frame is not there fails hard, where the log ends with %s',
  (_, given) => {
    const directory = new LogDirectory({ wal: frames(...given), safeSeq: 3 })
    const violation = expectViolation(directory, 'SAFESEQ_NOT_FOUND')
    expect(violation.seq).toBe(3n)
    expect(violation.message).toContain(`though one has seq ${given[2]}`)
  },
)

test.each([
  ['an empty log', Buffer.alloc(0)],
  ['no log', undefined],
  ['a log with no complete frame', frames(1).subarray(0, 9)],
])('R4: with %s and a safe point it is R4 that speaks', (_, wal) => {
  const directory = new LogDirectory({ ...(wal && { wal }), safeSeq: 5 })
  expect(expectViolation(directory, 'SAFESEQ_NOT_FOUND').seq).toBe(5n)
})

test.each([
  ['whole frames', frames(3, 4)],
  ['a frame that does not parse', frame('{"seq":3,')],
  ['zeros', Buffer.alloc(5000)],
  ['a length of 4 GiB', Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3])],
  ['half a frame', frames(3).subarray(0, 15)],
  ['an older block', frames(1)],
])('R5: beyond the safe point, %s is a phantom: never returned, and cut off', (_, beyond) => {
  const directory = new LogDirectory({ wal: Buffer.concat([frames(1, 2), beyond]), safeSeq: 2 })
  const wal = directory.open()
  expect(seqs(wal)).toEqual([1n, 2n])
  expect(directory.bytes(WAL_FILE)).toEqual(frames(1, 2))
  expect(wal.append({ note: 'next' })).toBe(3n)
  expect(directory.records.at(-1)).toMatchObject({
    message: 'WAL_PHANTOM_DISCARDED',
    attributes: { bytes: beyond.length },
  })
})

test('R5: beyond a safe point of 0 everything is a phantom, though it looks like a log', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 0 })
  expect(seqs(directory.open())).toEqual([])
  expect(directory.bytes(WAL_FILE).length).toBe(0)
})

test('R5: a legacy log with a gap returns no entry above its safe point either', () => {
  const wal = new LogDirectory({ wal: frames(1, 5, 2) }).open(LEGACY)
  expect(seqs(wal)).toEqual([1n, 5n, 2n])
  expect(wal.safeSeq).toBe(5n)
})

test.each([
  ['does not parse', frame('{"seq":2,"note":')],
  ['is not UTF-8', frame(Buffer.from('{"seq":2,"note":"\xff"}', 'latin1'))],
  ['has no seq', frame('{"note":"entry 2"}')],
  ['is empty', frame('')],
])('bad JSON: at open, a committed frame that %s fails hard', (_, bad) => {
  const directory = new LogDirectory({
    wal: Buffer.concat([frames(1), bad, frames(3)]),
    safeSeq: 3,
  })
  expect(expectViolation(directory, 'WAL_CORRUPT_INVALID_JSON')).toMatchObject({
    seq: 2n,
    offsetBytes: frames(1).length,
  })
})

test('bad JSON: at open it is asked before R3 and R4', () => {
  const wal = Buffer.concat([frames(1), frame('{"seq":2')])
  expectViolation(new LogDirectory({ wal, safeSeq: 9 }), 'WAL_CORRUPT_INVALID_JSON')
  expectViolation(new LogDirectory({ wal: frame('no'), safeSeq: 1 }), 'WAL_CORRUPT_INVALID_JSON')
})

test('§3.3 fail-hard record: it names the cause, the directory, the offset and the seq', () => {
  const directory = new LogDirectory({ wal: frames(1, 3), safeSeq: 3 })
  const violation = expectViolation(directory, 'SEQ_GAP')
  expect(directory.records).toEqual([
    {
      level: 'error',
      message: 'WAL_RECOVERY_FAIL_HARD',
      attributes: {
        cause: 'SEQ_GAP',
        directory: directory.path,
        detail: violation.message,
        offsetBytes: frames(1).length,
        seq: '3',
      },
    },
  ])
})

test('§3.3 fail-hard record: nothing on disk is changed, not even a left-over .tmp or a tail', () => {
  const directory = new LogDirectory({
    wal: Buffer.concat([frames(1, 3), Buffer.alloc(7)]),
    safeSeq: 3,
  })
  directory.put('telemetry.safe_seq.tmp', 'left')
  expectViolation(directory, 'SEQ_GAP')
  expect(directory.has('telemetry.safe_seq.tmp')).toBe(true)
})

test('§3.3 fail-hard record: until it is written the disk is only read, and no file stays open', () => {
  const directory = new LogDirectory({ wal: frames(1, 3), safeSeq: 3 })
  const opened: unknown[] = []
  const modes = new Set<unknown>()
  const watched = aroundDisk(nodeDisk, ({ name, args }, proceed) => {
    expect(['exists', 'look', 'peek', 'open', 'sizeBytes', 'read', 'close']).toContain(name)
    const result = proceed()
    if (name === 'open') modes.add(args[1])
    if (name === 'open') opened.push(result)
    if (name === 'close') opened.splice(opened.indexOf(args[0]), 1)
    return result
  })
  expectViolation(directory, 'SEQ_GAP', { disk: watched })
  expect([...modes]).toEqual(['read'])
  expect(opened).toEqual([])
})

test.each(['lock.fingerprint', 'runtime.db'])(
  '§3.4 steady state: %s alone makes a directory without safe_seq fail hard',
  (marker) => {
    const directory = new LogDirectory()
    directory.put(marker, '')
    expectViolation(directory, 'STEADY_WITHOUT_SAFESEQ')
    expect(directory.has(WAL_FILE)).toBe(false)
  },
)

test('§3.4 steady state: the folder activation/ makes it fail hard', () => {
  const directory = new LogDirectory()
  directory.putDirectory('activation')
  expectViolation(directory, 'STEADY_WITHOUT_SAFESEQ')
})

test('§3.4 steady fail-hard: a log with a valid frame and no safe_seq', () => {
  expectViolation(new LogDirectory({ wal: frames(1, 2) }), 'STEADY_WITHOUT_SAFESEQ')
})

test('§3.4 telemetry.pos excluded: it makes nothing steady', () => {
  const directory = new LogDirectory()
  directory.put('telemetry.pos', '12')
  expect(directory.open().append({})).toBe(1n)
})

test.each([
  ['an empty directory', undefined, []],
  ['an empty log', Buffer.alloc(0), []],
  ['half a frame', frames(1).subarray(0, 11), ['WAL_PHANTOM_DISCARDED']],
  ['zeros', Buffer.alloc(100), ['WAL_PHANTOM_DISCARDED']],
])('§3.4 first run: %s is fine, in silence but for what is cut off', (_, wal, told) => {
  const directory = new LogDirectory(wal && { wal })
  const log = directory.open()
  expect(directory.messages()).toEqual(told)
  expect(log.safeSeq).toBe(0n)
  expect(directory.bytes(WAL_FILE).length).toBe(0)
  expect(log.append({})).toBe(1n)
})

test('§3.4 legacy upgrade: every frame counts, the tail goes, safe_seq is written, the next open is plain', () => {
  const directory = new LogDirectory({
    wal: Buffer.concat([frames(1, 2, 3), frames(4).subarray(0, 9)]),
  })
  directory.open(LEGACY).close()
  expect(directory.messages()).toEqual(['WAL_LEGACY_UPGRADE', 'WAL_PHANTOM_DISCARDED'])
  expect(directory.bytes(WAL_FILE)).toEqual(frames(1, 2, 3))
  expect(directory.bytes(SAFE_SEQ_FILE)).toEqual(safeSeqBytes(3))
  expect(seqs(directory.open())).toEqual([1n, 2n, 3n])
})

test('§3.4 legacy upgrade: a safe_seq of 0 is a safe point like any other, unless the variable is set', () => {
  const plain = new LogDirectory({ wal: frames(1, 2), safeSeq: 0 })
  expect(seqs(plain.open())).toEqual([])
  expect(plain.bytes(WAL_FILE).length).toBe(0)
  const upgraded = new LogDirectory({ wal: frames(1, 2), safeSeq: 0 })
  expect(seqs(upgraded.open(LEGACY))).toEqual([1n, 2n])
  expect(upgraded.bytes(SAFE_SEQ_FILE)).toEqual(safeSeqBytes(2))
})

test('§3.4 legacy upgrade: a safe point above 0 keeps its meaning, variable or not', () => {
  const directory = new LogDirectory({ wal: frames(1, 2, 3), safeSeq: 2 })
  expect(seqs(directory.open(LEGACY))).toEqual([1n, 2n])
  expect(directory.messages()).toEqual(['WAL_PHANTOM_DISCARDED'])
})

test('§3.4 legacy upgrade: bad JSON in it fails hard', () => {
  const directory = new LogDirectory({ wal: Buffer.concat([frames(1), frame('?')]) })
  expectViolation(directory, 'WAL_CORRUPT_INVALID_JSON', LEGACY)
})

test('§3.4 legacy upgrade: a first run with the variable set is still a first run, in silence', () => {
  const directory = new LogDirectory()
  directory.open(LEGACY)
  expect(directory.records).toEqual([])
})

test('§3.4 legacy upgrade: an empty log in a steady directory warns, and safe_seq is 0', () => {
  const directory = new LogDirectory()
  directory.put('runtime.db', '')
  const wal = directory.open(LEGACY)
  expect(directory.messages()).toEqual(['WAL_LEGACY_UPGRADE'])
  expect(directory.bytes(SAFE_SEQ_FILE)).toEqual(safeSeqBytes(0))
  expect(wal.sizeBytes).toBe(0)
  expect(wal.append({})).toBe(1n)
})

test('§3.4 legacy upgrade: with a safe_seq of 0 and no frames there is nothing to upgrade', () => {
  const directory = new LogDirectory({ wal: Buffer.alloc(40), safeSeq: 0 })
  const { disk, calls } = recordingDisk(directory.path)
  expect(directory.open({ ...LEGACY, disk }).safeSeq).toBe(0n)
  expect(directory.messages()).toEqual(['WAL_PHANTOM_DISCARDED'])
  expect(calls.filter((call) => call.startsWith('rename'))).toEqual([])
})

test('S7: a legacy upgrade warns, says to unset the variable, and opens', () => {
  const directory = new LogDirectory({ wal: frames(1, 2) })
  const wal = directory.open(LEGACY)
  expect(directory.records).toMatchObject([
    {
      level: 'warn',
      attributes: { note: expect.stringContaining(`unset ${LEGACY_UPGRADE_VARIABLE}`) },
    },
  ])
  expect(wal.append({})).toBe(3n)
})

test('§3.4.1 operator reset: with a marker and an empty log it warns and begins at 1', () => {
  const directory = new LogDirectory()
  directory.put('runtime.db', '')
  const wal = directory.open(RESET)
  expect(directory.records).toMatchObject([
    {
      level: 'warn',
      message: 'WAL_RESET_BY_OPERATOR',
      attributes: { note: expect.stringContaining('activation invariants') },
    },
  ])
  expect(wal.append({})).toBe(1n)
})

test('§3.4.1 operator reset: without the variable it fails hard', () => {
  const directory = new LogDirectory({ wal: Buffer.alloc(0) })
  directory.put('runtime.db', '')
  expectViolation(directory, 'STEADY_WITHOUT_SAFESEQ', {
    environment: { [OPERATOR_RESET_VARIABLE]: 'yes' },
  })
})

test('§3.4.1 operator reset: with frames in the log it is no reset', () => {
  expectViolation(new LogDirectory({ wal: frames(1) }), 'STEADY_WITHOUT_SAFESEQ', RESET)
})

test('S12: an operator reset leaves a log that opens plainly afterwards', () => {
  const directory = new LogDirectory()
  directory.put('lock.fingerprint', '')
  const wal = directory.open(RESET)
  wal.append({ note: 'first' })
  wal.close()
  expect(seqs(directory.open())).toEqual([1n])
  expect(directory.messages()).toEqual(['WAL_RESET_BY_OPERATOR'])
})

test('S2: recovery truncates to the safe point and not to the structural end', () => {
  const directory = new LogDirectory({ wal: frames(1, 2, 3, 4), safeSeq: 2 })
  const wal = directory.open()
  expect(directory.bytes(WAL_FILE)).toEqual(frames(1, 2))
  expect(wal.sizeBytes).toBe(frames(1, 2).length)
})

test('S3: no phantom survives, neither in a read nor in the file, nor after the next append', () => {
  const directory = new LogDirectory({ wal: frames(1, 2, 3), safeSeq: 2 })
  const wal = directory.open()
  wal.append({ note: 'another third' })
  wal.close()
  const entries = [...directory.open().readFrom(0n)]
  expect(entries.map((entry) => entry.fields.note)).toEqual(['entry 1', 'entry 2', 'another third'])
})

test('S4: a corrupt safe_seq fails hard', () => {
  for (const bytes of [0, 1, 7, 9, 16]) {
    const directory = new LogDirectory({ wal: frames(1), safeSeq: Buffer.alloc(bytes) })
    expectViolation(directory, 'SAFESEQ_WRONG_LENGTH')
  }
})

test('S5: malformed JSON in a complete committed frame is an error', () => {
  const wal = Buffer.concat([frames(1), frame('{"seq":2,"note":"x"')])
  expectViolation(new LogDirectory({ wal, safeSeq: 2 }), 'WAL_CORRUPT_INVALID_JSON')
})

test('S6: a gap in the committed range is an error', () => {
  expectViolation(new LogDirectory({ wal: frames(1, 2, 4, 5), safeSeq: 5 }), 'SEQ_GAP')
})

test('S11: telemetry.pos is neither read nor touched', () => {
  const directory = new LogDirectory({ wal: frames(1, 2), safeSeq: 2 })
  directory.put('telemetry.pos', 'not a number')
  const { disk, calls } = recordingDisk(directory.path)
  const wal = directory.open({ disk })
  wal.append({})
  expect(seqs(wal)).toEqual([1n, 2n, 3n])
  wal.close()
  expect(calls.filter((call) => call.includes('telemetry.pos'))).toEqual([])
  expect(directory.bytes('telemetry.pos').toString()).toBe('not a number')
})
