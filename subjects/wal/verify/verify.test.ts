import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { MachineError } from '../../../harness/process/machine-error.ts'
import { temporaryDirectory } from '../../../harness/testing/temporary-directory.ts'
import { OBSTACLES } from '../../../wal/testing/obstacles.ts'
import { RULES, type VerifyReport } from './report.ts'
import { verifyLog } from './verify.ts'

function frame(json: string | Uint8Array): Buffer {
  const bytes = Buffer.from(json as string)
  const header = Buffer.alloc(4)
  header.writeUInt32BE(bytes.length)
  return Buffer.concat([header, bytes])
}
const frames = (...seqs: (number | bigint)[]): Buffer =>
  Buffer.concat(seqs.map((seq) => frame(`{"seq":${seq},"note":"entry ${seq}"}`)))

function point(seq: number | bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(seq))
  return bytes
}

const schema = JSON.parse(readFileSync('schemas/wal-verify.schema.json', 'utf8'))
const matchesSchema = new Ajv2020({ strict: true }).compile(schema)

/** The report on a directory with this log and safe_seq; it must match the schema, and change nothing. */
function verify(wal: Uint8Array | undefined, safeSeq: Uint8Array | undefined): VerifyReport {
  const directory = mkdtempSync(join(tmpdir(), 'pullplug-verify-'))
  try {
    if (wal !== undefined) writeFileSync(join(directory, 'telemetry.wal'), wal)
    if (safeSeq !== undefined) writeFileSync(join(directory, 'telemetry.safe_seq'), safeSeq)
    const report = verifyLog(directory)
    expect(
      matchesSchema(JSON.parse(JSON.stringify(report))),
      JSON.stringify(matchesSchema.errors),
    ).toBe(true)
    expect(report.pass).toBe(RULES.every((rule) => report[rule]))
    expect(report.pass).toBe(report.firstOffence === null)
    const names = readdirSync(directory)
    expect(names.length).toBe(Number(wal !== undefined) + Number(safeSeq !== undefined))
    if (wal !== undefined) {
      expect(readFileSync(join(directory, 'telemetry.wal')).equals(Buffer.from(wal))).toBe(true)
    }
    return report
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** The rules that are broken. */
const broken = (report: VerifyReport): string[] => RULES.filter((rule) => !report[rule])

test('a good log passes, and is counted', () => {
  const report = verify(frames(1, 2, 3), point(3))
  expect(report).toMatchObject({
    pass: true,
    safeSeq: '3',
    maxSeq: '3',
    counts: { frames: 3, committedFrames: 3, bytesBeyondSafePoint: 0 },
  })
})

test.each([
  ['no log', undefined],
  ['an empty log', Buffer.alloc(0)],
])('%s with a safe point of 0 passes', (_, wal) => {
  expect(verify(wal, point(0)).pass).toBe(true)
})

test('R1_FIRST_SEQ_EQ_1: a log that starts at 2', () => {
  const report = verify(frames(2, 3), point(3))
  expect(broken(report)).toEqual(['R1_FIRST_SEQ_EQ_1'])
  expect(report.firstOffence).toMatchObject({ offsetBytes: 0, seq: '2' })
})

test.each([
  ['a missing seq', [1, 3]],
  ['a repeated one', [1, 2, 2, 3]],
  ['one above the safe point in its midst', [1, 2, 9, 3]],
])('R2_SEQ_CONTIGUOUS: %s', (_, seqs) => {
  expect(broken(verify(frames(...seqs), point(3)))).toContain('R2_SEQ_CONTIGUOUS')
})

test('R3_SAFESEQ_LE_MAXSEQ: a safe point above the last seq', () => {
  const report = verify(frames(1, 2), point(5))
  expect(broken(report)).toEqual(['R3_SAFESEQ_LE_MAXSEQ', 'R4_SAFESEQ_FRAME_EXISTS'])
})

test('R4_SAFESEQ_FRAME_EXISTS: it speaks alone where the log is empty', () => {
  expect(broken(verify(Buffer.alloc(0), point(1)))).toEqual(['R4_SAFESEQ_FRAME_EXISTS'])
})

test('R4_SAFESEQ_FRAME_EXISTS: a frame above the safe point does not stand for it', () => {
  expect(broken(verify(frames(1, 2, 4), point(3)))).toContain('R4_SAFESEQ_FRAME_EXISTS')
})

test.each([
  ['one byte', Buffer.alloc(1)],
  ['zeros', Buffer.alloc(4096)],
  ['a whole frame', frames(3)],
  ['half a frame', frames(3).subarray(0, 9)],
  ['a length of 4 GiB', Buffer.from([255, 255, 255, 255, 1])],
  ['a frame that does not parse', frame('{"seq":3')],
])('R5_NO_PHANTOMS: %s beyond the safe point fails it, and nothing else', (_, beyond) => {
  const report = verify(Buffer.concat([frames(1, 2), beyond]), point(2))
  expect(broken(report)).toEqual(['R5_NO_PHANTOMS'])
  expect(report.counts.bytesBeyondSafePoint).toBe(beyond.length)
  expect(report.firstOffence?.offsetBytes).toBe(frames(1, 2).length)
})

test.each([
  ['does not parse', frame('{"seq":2,')],
  ['is not UTF-8', frame(Buffer.from('{"seq":2,"a":"\xff"}', 'latin1'))],
  ['has no seq', frame('{"note":2}')],
  ['has two seqs', frame('{"seq":2,"seq":3}')],
  ['is empty', frame('')],
])('NO_CORRUPT_JSON: a committed frame that %s', (_, bad) => {
  const report = verify(Buffer.concat([frames(1), bad, frames(3)]), point(3))
  expect(broken(report)).toEqual(['NO_CORRUPT_JSON'])
  expect(report.firstOffence?.offsetBytes).toBe(frames(1).length)
})

test('NO_CORRUPT_JSON: a frame that does not parse beyond the safe point is no concern of it', () => {
  const report = verify(Buffer.concat([frames(1), frame('?')]), point(1))
  expect(report.NO_CORRUPT_JSON).toBe(true)
  expect(report.counts).toMatchObject({ corruptFrames: 1, phantomFrames: 1 })
})

test('a missing safe_seq fails', () => {
  const report = verify(frames(1), undefined)
  expect(broken(report)).toEqual([
    'R3_SAFESEQ_LE_MAXSEQ',
    'R4_SAFESEQ_FRAME_EXISTS',
    'R5_NO_PHANTOMS',
  ])
  expect(report).toMatchObject({
    safeSeq: null,
    safeSeqBytes: null,
    firstOffence: { rule: 'SAFESEQ_MISSING' },
  })
})

test.each([0, 7, 9])('a safe_seq of %i bytes fails', (sizeBytes) => {
  const report = verify(frames(1), Buffer.alloc(sizeBytes))
  expect(report).toMatchObject({
    pass: false,
    safeSeqBytes: sizeBytes,
    firstOffence: { rule: 'SAFESEQ_WRONG_LENGTH' },
  })
})

test('a seq beyond 2^53 is not rounded', () => {
  const big = 2n ** 53n + 1n
  const report = verify(frames(big), point(big))
  expect(report).toMatchObject({ maxSeq: '9007199254740993', R4_SAFESEQ_FRAME_EXISTS: true })
})

test('frames that lie across the reads of the file are whole', () => {
  const wal = Buffer.concat(
    [1, 2, 3, 4].map((seq) => frame(`{"seq":${seq},"fill":"${'x'.repeat(700_000)}"}`)),
  )
  expect(verify(wal, point(4)).pass).toBe(true)
})

test('a frame over the limit of 1 MiB is none', () => {
  const wal = Buffer.concat([frames(1), frame(`{"seq":2,"fill":"${'x'.repeat(1 << 20)}"}`)])
  expect(broken(verify(wal, point(2)))).toContain('R3_SAFESEQ_LE_MAXSEQ')
})

test('a length that is a lie takes no memory', () => {
  const header = Buffer.alloc(4)
  header.writeUInt32BE(900 * 1024 * 1024)
  const before = process.memoryUsage().arrayBuffers
  verify(Buffer.concat([header, Buffer.alloc(100)]), point(1))
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024)
})

test('a directory that cannot be read is the machine’s error and no verdict', () => {
  const directory = mkdtempSync(join(tmpdir(), 'pullplug-verify-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  expect(() => verifyLog(join(directory, 'missing'))).toThrow(MachineError)
})

test.each(OBSTACLES.filter(({ kind }) => kind !== 'a directory'))(
  '$kind in the place of the directory is the machine’s error, and not waited for',
  async ({ put }) => {
    const path = join(temporaryDirectory(), 'log')
    await put(path)
    expect(() => verifyLog(path)).toThrow(MachineError)
  },
)

describe.each(OBSTACLES)('$kind', ({ put }) => {
  test.each(['telemetry.wal', 'telemetry.safe_seq', 'telemetry.safe_seq.tmp'])(
    'in the place of %s fails every rule as NOT_A_FILE, and is neither followed nor waited for',
    async (name) => {
      const directory = temporaryDirectory()
      if (name !== 'telemetry.wal') writeFileSync(join(directory, 'telemetry.wal'), frames(1))
      if (name !== 'telemetry.safe_seq') {
        writeFileSync(join(directory, 'telemetry.safe_seq'), point(1))
      }
      await put(join(directory, name))
      const report = verifyLog(directory)
      expect(matchesSchema(report), JSON.stringify(matchesSchema.errors)).toBe(true)
      expect(broken(report)).toEqual([...RULES])
      expect(report).toMatchObject({ pass: false, counts: { walBytes: 0, offences: 1 } })
      expect(report.firstOffence).toMatchObject({
        rule: 'NOT_A_FILE',
        detail: expect.stringContaining(join(directory, name)),
      })
    },
  )
})

test('a link to the directory is the directory', () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'telemetry.safe_seq'), point(0))
  const link = join(temporaryDirectory(), 'link')
  symlinkSync(directory, link)
  expect(verifyLog(link).pass).toBe(true)
})

test('what stands beyond the safe point is told: its entries, and how many of them follow one another', () => {
  const torn = frames(9).subarray(0, 11)
  const beyond = (...parts: Buffer[]) =>
    verify(Buffer.concat([frames(1, 2), ...parts]), point(2)).beyondSafePoint
  expect(beyond()).toEqual({ entries: 0, firstSeq: null, lastSeq: null, inARow: 0 })
  expect(beyond(frames(3), torn)).toEqual({ entries: 1, firstSeq: '3', lastSeq: '3', inARow: 1 })
  expect(beyond(frames(3, 4, 5))).toMatchObject({ entries: 3, lastSeq: '5', inARow: 3 })
  expect(beyond(frames(3, 9, 2))).toMatchObject({ entries: 3, lastSeq: '2', inARow: 1 })
  expect(beyond(frames(7, 8))).toMatchObject({ firstSeq: '7', inARow: 2 })
  expect(beyond(frames(1, 2))).toMatchObject({ firstSeq: '1', inARow: 0 })
  expect(beyond(frame('?'), Buffer.alloc(8), frames(6, 7))).toMatchObject({ inARow: 2 })
  expect(beyond(Buffer.alloc(400))).toEqual({
    entries: 0,
    firstSeq: null,
    lastSeq: null,
    inARow: 0,
  })
})

test('kept files are named and counted, and break no rule', () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'telemetry.wal'), frames(1))
  writeFileSync(join(directory, 'telemetry.safe_seq'), point(1))
  const names = [
    'telemetry.wal.cut-1',
    ...Array.from({ length: 11 }, (_, i) => `telemetry.wal.cut-1.${i + 2}`),
  ]
  for (const name of names) writeFileSync(join(directory, name), 'kept')
  for (const name of ['telemetry.wal.cut.tmp', 'telemetry.wal.cut-', 'telemetry.wal.cut-1x']) {
    writeFileSync(join(directory, name), 'not kept')
  }
  mkdirSync(join(directory, 'telemetry.wal.cut-9'))
  const report = verifyLog(directory)
  expect(matchesSchema(report), JSON.stringify(matchesSchema.errors)).toBe(true)
  expect(report).toMatchObject({ pass: true, counts: { keptFiles: 12 } })
  expect(report.keptFiles).toEqual(
    names
      .sort()
      .slice(0, 10)
      .map((name) => ({ name, sizeBytes: 4 })),
  )
})

test('the first ten offences are told in their order, and all are counted', () => {
  const wal = Buffer.concat([frames(2), Buffer.alloc(80), frames(9, 9), frame('?')])
  const report = verify(wal, point(50))
  expect(report.offences.map(({ rule }) => rule)).toEqual([
    'R1_FIRST_SEQ_EQ_1',
    ...Array.from({ length: 9 }, () => 'NO_CORRUPT_JSON'),
  ])
  // R1, twenty empty frames, two of which the first does not follow, one that does not parse, R3 and R4.
  expect(report.counts.offences).toBe(1 + 20 + 2 + 1 + 2)
})

test('any bytes whatever give a report', () => {
  const bytes = fc.uint8Array({ maxLength: 200 })
  fc.assert(
    fc.property(bytes, fc.uint8Array({ maxLength: 10 }), (wal, safe) => void verify(wal, safe)),
    {
      numRuns: 1000,
    },
  )
})

test('a good log that is cut anywhere fails', () => {
  const wal = frames(1, 2, 3)
  for (let cut = 0; cut < wal.length; cut++) {
    expect(verify(wal.subarray(0, cut), point(3)).pass).toBe(false)
  }
})

test('a good log of which one structural byte is changed fails', () => {
  const wal = frames(1, 2, 3)
  const starts = [0, frames(1).length, frames(1, 2).length]
  for (const start of starts) {
    // The length, and the first eight bytes of the JSON: `{"seq":N`.
    for (let at = start; at < start + 12; at++) {
      const copy = Buffer.from(wal)
      copy[at] = (copy[at] as number) ^ 0x10
      expect(verify(copy, point(3)).pass, `byte ${at}`).toBe(false)
    }
  }
})
