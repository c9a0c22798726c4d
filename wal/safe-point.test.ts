import { expect, test } from 'vitest'
import { LEGACY_UPGRADE_VARIABLE, SAFE_SEQ_FILE, SAFE_SEQ_TMP_FILE } from './layout.ts'
import { expectViolation } from './testing/expect-violation.ts'
import { frames, LogDirectory, safeSeqBytes, seqs } from './testing/log-directory.ts'
import { recordingDisk } from './testing/recording-disk.ts'

const REPLACE = [
  'open telemetry.safe_seq.tmp',
  'write telemetry.safe_seq.tmp',
  'sync telemetry.safe_seq.tmp',
  'close telemetry.safe_seq.tmp',
  'rename telemetry.safe_seq.tmp',
  'syncDirectory .',
]
const APPEND = ['write telemetry.wal', 'sync telemetry.wal', ...REPLACE]

/** What only asks how things stand, which an append does before it overwrites anything. */
const ASKS = /^(look|peek|identity|sizeBytes) /
const withoutAsking = (calls: string[]): string[] => calls.filter((call) => !ASKS.test(call))

/** A log whose operations are recorded, and those of one append to it. */
function recordedAppend(): { calls: string[]; seen: string[] } {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  const { disk, calls } = recordingDisk(directory.path)
  const seen: string[] = []
  const wal = directory.open({
    disk,
    observers: {
      onLogSynced: (seq) => seen.push(`log synced ${seq} after ${calls.at(-1)}`),
      onSafePointAdvanced: (seq) => seen.push(`safe point ${seq} after ${calls.at(-1)}`),
    },
  })
  calls.length = 0
  wal.append({ note: 'second' })
  return { calls: withoutAsking(calls), seen }
}

test('§3.5 encoding: safe_seq is eight bytes, little-endian, unsigned', () => {
  const directory = new LogDirectory({
    wal: frames(...Array.from({ length: 258 }, (_, i) => i + 1)),
    safeSeq: Buffer.from('0201000000000000', 'hex'),
  })
  expect(directory.open().safeSeq).toBe(258n)
  expect(directory.open().append({})).toBe(259n)
  expect(directory.bytes(SAFE_SEQ_FILE).toString('hex')).toBe('0301000000000000')
})

test('§3.5 encoding: a safe point beyond 2^63 is unsigned, and not rounded', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 2n ** 64n - 1n })
  expect(expectViolation(directory, 'SAFESEQ_GT_MAXSEQ').seq).toBe(2n ** 64n - 1n)
})

test('§3.5 encoding: 0 is a valid value and differs from a missing file', () => {
  const marked = (safeSeq?: number) => {
    const directory = new LogDirectory(safeSeq === undefined ? {} : { safeSeq })
    directory.put('runtime.db', '')
    return directory
  }
  expect(seqs(marked(0).open())).toEqual([])
  expectViolation(marked(), 'STEADY_WITHOUT_SAFESEQ')
})

test.each([0, 4, 7, 9])('§3.5 corrupt safe_seq: %i bytes fail hard', (lengthBytes) => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: Buffer.alloc(lengthBytes) })
  expectViolation(directory, 'SAFESEQ_WRONG_LENGTH')
})

test('§3.5 replace: write .tmp, sync it, close it, rename it, sync the directory', () => {
  expect(recordedAppend().calls.slice(2)).toEqual(REPLACE)
})

test('§3.5 order: 1. the sync of the log returns before the safe point starts to be written', () => {
  const { calls, seen } = recordedAppend()
  expect(calls.indexOf('sync telemetry.wal')).toBeLessThan(calls.indexOf(REPLACE[0] as string))
  expect(seen[0]).toBe('log synced 2 after sync telemetry.wal')
})

test('§3.5 order: 2. safe_seq is written after every append, before it returns', () => {
  const directory = new LogDirectory()
  const wal = directory.open()
  for (const seq of [1, 2, 3, 4, 5]) {
    wal.append({})
    expect(directory.bytes(SAFE_SEQ_FILE)).toEqual(safeSeqBytes(seq))
  }
})

test('§3.5 order: 3. the safe point is told only when the directory is synced', () => {
  expect(recordedAppend().seen[1]).toBe('safe point 2 after syncDirectory .')
})

test('§3.5 monotonic: safe_seq never falls, through appends, reopens and phantoms', () => {
  const directory = new LogDirectory({ wal: frames(1, 2, 3), safeSeq: 2 })
  const seen: bigint[] = []
  for (let round = 0; round < 4; round++) {
    const wal = directory.open({ observers: { onSafePointAdvanced: (seq) => seen.push(seq) } })
    seen.push(wal.safeSeq)
    wal.append({})
    wal.close()
  }
  expect(seen).toEqual([2n, 3n, 3n, 4n, 4n, 5n, 5n, 6n])
})

test('§3.5 after recovery: the next append continues at safe_seq + 1', () => {
  const directory = new LogDirectory({ wal: frames(1, 2, 3, 4), safeSeq: 2 })
  expect(directory.open().append({})).toBe(3n)
  expect(directory.bytes(SAFE_SEQ_FILE)).toEqual(safeSeqBytes(3))
})

test('§3.5 tmp: a left-over .tmp is removed at open when safe_seq exists', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  directory.put(SAFE_SEQ_TMP_FILE, 'abc')
  const wal = directory.open()
  expect(directory.has(SAFE_SEQ_TMP_FILE)).toBe(false)
  expect(wal.safeSeq).toBe(1n)
})

test('§3.5 tmp: without safe_seq a left-over .tmp is never taken for it, nor unlinked', () => {
  const directory = new LogDirectory()
  directory.put(SAFE_SEQ_TMP_FILE, Buffer.concat([safeSeqBytes(9), safeSeqBytes(9)]))
  const { disk, calls } = recordingDisk(directory.path)
  expect(directory.open({ disk }).safeSeq).toBe(0n)
  expect(calls.filter((call) => call.startsWith('unlink'))).toEqual([])
  expect(directory.bytes(SAFE_SEQ_FILE)).toEqual(safeSeqBytes(0))
})

test('§3.6 directory sync after rename', () => {
  const { calls } = recordedAppend()
  expect(calls.slice(calls.indexOf('rename telemetry.safe_seq.tmp'))).toEqual([
    'rename telemetry.safe_seq.tmp',
    'syncDirectory .',
  ])
})

test('§3.6 no directory sync after a log append: the one there is follows the rename', () => {
  expect(recordedAppend().calls.filter((call) => call.startsWith('syncDirectory')).length).toBe(1)
})

test('S1: safe_seq is there after every append, and names it', () => {
  const directory = new LogDirectory()
  const wal = directory.open()
  for (const expected of [1n, 2n, 3n]) {
    expect(wal.append({})).toBe(expected)
    expect(directory.bytes(SAFE_SEQ_FILE).readBigUInt64LE()).toBe(expected)
  }
})

test('S8: the sync of the log comes before the rename of the safe point', () => {
  expect(recordedAppend().calls).toEqual(APPEND)
})

test('S9: the sync of the directory comes after the rename', () => {
  const { calls } = recordedAppend()
  expect(calls.lastIndexOf('syncDirectory .')).toBeGreaterThan(
    calls.indexOf('rename telemetry.safe_seq.tmp'),
  )
})

test('trap 1: a first run makes a safe point of 0 durable before any frame is written', () => {
  const directory = new LogDirectory()
  const { disk, calls } = recordingDisk(directory.path)
  directory.open({ disk }).append({})
  const opening = withoutAsking(calls.slice(0, calls.indexOf('write telemetry.wal')))
  expect(opening.slice(-7)).toEqual(['sync telemetry.wal', ...REPLACE])
  expect(opening.filter((call) => call.startsWith('syncDirectory')).length).toBe(1)
})

test('trap 2: the name of a new log is made durable before anything is acknowledged', () => {
  for (const contents of [{}, { safeSeq: 0 }]) {
    const directory = new LogDirectory(contents)
    const { disk, calls } = recordingDisk(directory.path)
    directory.open({ disk })
    const made = calls.lastIndexOf('open telemetry.wal')
    expect(calls.indexOf('syncDirectory .', made)).toBeGreaterThan(made)
  }
})

test('trap 2: a legacy log, its frames and its name, is made durable before safe_seq promises it', () => {
  const directory = new LogDirectory({ wal: frames(1) })
  const { disk, calls } = recordingDisk(directory.path)
  directory.open({ disk, environment: { [LEGACY_UPGRADE_VARIABLE]: '1' } })
  expect(withoutAsking(calls.slice(calls.indexOf('sync telemetry.wal')))).toEqual([
    'sync telemetry.wal',
    'syncDirectory .',
    ...REPLACE,
  ])
})

test('what an open log reports as committed is durable: where nothing is amiss it syncs the directory, and no more', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  const { disk, calls } = recordingDisk(directory.path)
  directory.open({ disk })
  expect(calls.slice(calls.lastIndexOf('open telemetry.wal'))).toEqual([
    'open telemetry.wal',
    'sizeBytes telemetry.wal',
    'look telemetry.wal.cut.tmp',
    'exists telemetry.safe_seq.tmp',
    'syncDirectory .',
    'identity telemetry.wal',
  ])
})

test('trap 3: the cut behind the safe point is synced before open returns', () => {
  const directory = new LogDirectory({ wal: frames(1, 2), safeSeq: 1 })
  const { disk, calls } = recordingDisk(directory.path)
  directory.open({ disk })
  const cut = calls.indexOf('truncate telemetry.wal')
  expect(calls.slice(cut, cut + 2)).toEqual(['truncate telemetry.wal', 'sync telemetry.wal'])
})
