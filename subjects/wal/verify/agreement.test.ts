import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../../harness/testing/temporary-directory.ts'
import { type ViolationCode, WalViolation } from '../../../wal/error.ts'
import type { LogRecord } from '../../../wal/log-record.ts'
import { OBSTACLES } from '../../../wal/testing/obstacles.ts'
import { Wal } from '../../../wal/wal.ts'
import type { Rule, VerifyReport } from './report.ts'
import { verifyLog } from './verify.ts'

/** The rule that the verifier must find broken where the log fails hard. */
const RULE_OF: Partial<Record<ViolationCode, Rule>> = {
  FIRST_SEQ_NOT_ONE: 'R1_FIRST_SEQ_EQ_1',
  SEQ_GAP: 'R2_SEQ_CONTIGUOUS',
  SAFESEQ_GT_MAXSEQ: 'R3_SAFESEQ_LE_MAXSEQ',
  SAFESEQ_NOT_FOUND: 'R4_SAFESEQ_FRAME_EXISTS',
  WAL_CORRUPT_INVALID_JSON: 'NO_CORRUPT_JSON',
}
const BEFORE_RECOVERY: Rule[] = [
  'R1_FIRST_SEQ_EQ_1',
  'R2_SEQ_CONTIGUOUS',
  'R3_SAFESEQ_LE_MAXSEQ',
  'R4_SAFESEQ_FRAME_EXISTS',
  'NO_CORRUPT_JSON',
]

function frame(json: Buffer): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt32BE(json.length)
  return Buffer.concat([header, json])
}

const entry = (seq: number): Buffer => frame(Buffer.from(`{"seq":${seq},"n":[${seq},"é"]}`))
const counted = fc
  .nat(5)
  .map((count) => Buffer.concat(Array.from({ length: count }, (_, i) => entry(i + 1))))
const oddFrame = fc.oneof(
  fc.nat(7).map(entry),
  fc
    .constantFrom(
      '',
      '{}',
      '{"seq":2',
      '{"seq":"2"}',
      '{"seq":2,"seq":3}',
      ' { "seq" : 3 }',
      '{"seq":02}',
      '{"seq":3,"\\u0073eq":1}',
      '[1]',
    )
    .map((text) => frame(Buffer.from(text))),
  fc.uint8Array({ maxLength: 24 }).map((bytes) => frame(Buffer.from(bytes))),
  fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes)),
)
const assembled = fc
  .tuple(counted, fc.array(oddFrame, { maxLength: 4 }))
  .map(([good, odd]) => Buffer.concat([good, ...odd]))
const damaged = fc
  .tuple(assembled, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }), fc.nat(40))
  .map(([bytes, edits, cutBytes]) => {
    const copy = Buffer.from(bytes)
    for (const [place, byte] of edits) if (copy.length > 0) copy[place % copy.length] = byte
    return copy.subarray(0, Math.max(0, copy.length - (cutBytes % 8 === 0 ? cutBytes : 0)))
  })
const point = (seq: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(seq))
  return bytes
}
const anyPoint = fc.oneof(
  { weight: 9, arbitrary: fc.nat(7).map(point) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)) },
)
const fallenBack = fc
  .tuple(fc.integer({ min: 2, max: 7 }), fc.nat(7), fc.array(oddFrame, { maxLength: 2 }))
  .map(([count, safeSeq, odd]) => {
    const good = Array.from({ length: count }, (_, i) => entry(i + 1))
    return [Buffer.concat([...good, ...odd]), point(Math.min(safeSeq, count))]
  })
const directories = fc.oneof(
  fallenBack,
  fc.tuple(fc.oneof(assembled, damaged), anyPoint),
  fc
    .nat(5)
    .map((count) => [
      Buffer.concat(Array.from({ length: count }, (_, i) => entry(i + 1))),
      point(count),
    ]),
)

/** What the log tells of what it cuts off. */
function told(records: LogRecord[]): unknown[] {
  return records.map(({ message, attributes }) => {
    const { bytes, wholeFrames, firstSeq = null, lastSeq = null } = attributes
    return { message, bytes, wholeFrames, firstSeq, lastSeq }
  })
}

/** The same by what the verifier found before. */
function toBeTold({ counts, beyondSafePoint }: VerifyReport): unknown[] {
  const { entries: wholeFrames, firstSeq, lastSeq, inARow } = beyondSafePoint
  const bytes = counts.bytesBeyondSafePoint
  const messages = [
    ...(inARow > 1 ? ['WAL_PHANTOM_KEPT'] : []),
    ...(bytes > 0 ? ['WAL_PHANTOM_DISCARDED'] : []),
  ]
  return messages.map((message) => ({ message, bytes, wholeFrames, firstSeq, lastSeq }))
}

test('the log and the verifier agree on random and damaged directories', () => {
  const seen = { passed: 0, recovered: 0, refused: 0, kept: 0 }
  fc.assert(
    fc.property(directories, ([wal, safe]) => {
      const directory = mkdtempSync(join(tmpdir(), 'pullplug-agreement-'))
      try {
        writeFileSync(join(directory, 'telemetry.wal'), wal as Buffer)
        writeFileSync(join(directory, 'telemetry.safe_seq'), safe as Buffer)
        const report = verifyLog(directory)
        const records: LogRecord[] = []
        let log: Wal
        try {
          log = Wal.open(directory, {
            environment: {},
            log: (record) => records.push(record),
          })
        } catch (error) {
          expect(error).toBeInstanceOf(WalViolation)
          const { code } = error as WalViolation
          const rule = RULE_OF[code]
          if (rule === undefined)
            expect([code, report.safeSeq]).toEqual(['SAFESEQ_WRONG_LENGTH', null])
          else expect([code, report[rule]]).toEqual([code, false])
          expect(report.pass).toBe(false)
          seen.refused++
          return
        }
        expect(BEFORE_RECOVERY.filter((rule) => !report[rule])).toEqual([])
        expect(report.R5_NO_PHANTOMS).toBe(log.sizeBytes === (wal as Buffer).length)
        expect(report.counts.committedFrames).toBe(Number(log.safeSeq))
        expect(report.counts.committedBytes).toBe(log.sizeBytes)
        log.close()
        expect(told(records)).toEqual(toBeTold(report))
        const after = verifyLog(directory)
        expect(after.pass).toBe(true)
        const kept = report.beyondSafePoint.inARow > 1
        expect(after.keptFiles.map(({ sizeBytes }) => sizeBytes)).toEqual(
          kept ? [report.counts.bytesBeyondSafePoint] : [],
        )
        if (kept) seen.kept++
        if (report.pass) seen.passed++
        else seen.recovered++
      } finally {
        rmSync(directory, { recursive: true })
      }
    }),
    { numRuns: 3000 },
  )
  // Agreement would say little if the directories were all of one kind.
  expect(Math.min(seen.passed, seen.recovered, seen.refused, seen.kept)).toBeGreaterThan(50)
})

test.each(
  OBSTACLES.flatMap(({ kind, put }) =>
    ['telemetry.wal', 'telemetry.safe_seq', 'telemetry.safe_seq.tmp'].map(
      (name) => [kind, name, put] as const,
    ),
  ),
)(
  'the log and the verifier refuse %s in the place of %s by the same code',
  async (_, name, put) => {
    const directory = temporaryDirectory()
    await put(join(directory, name))
    expect(verifyLog(directory).firstOffence?.rule).toBe('NOT_A_FILE')
    expect(() => Wal.open(directory, { environment: {} })).toThrowError(
      expect.objectContaining({ code: 'NOT_A_FILE' }),
    )
  },
)
