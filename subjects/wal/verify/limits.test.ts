import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../../harness/testing/temporary-directory.ts'
import type { VerifyReport } from './report.ts'
import { verifyLog } from './verify.ts'

const LOG_BYTES = 64 * 1024 * 1024
/** Far less than a record of each of a log's frames would take. */
const HEAP_MIB = 24

const VERIFY = `
const { verifyLog } = await import(process.argv[1])
process.stdout.write(JSON.stringify(verifyLog(process.argv[2])))
`
const OPEN = `
const { Wal } = await import(process.argv[1])
const records = []
const log = (record) => records.push(record)
const wal = Wal.open(process.argv[2], { environment: {}, log })
process.stdout.write(JSON.stringify({ safeSeq: String(wal.safeSeq), records }))
`

const schema = JSON.parse(readFileSync('schemas/wal-verify.schema.json', 'utf8'))
const matchesSchema = new Ajv2020({ strict: true }).compile(schema)

function frame(json: string): Buffer {
  const bytes = Buffer.from(json, 'latin1')
  const header = Buffer.alloc(4)
  header.writeUInt32BE(bytes.length)
  return Buffer.concat([header, bytes])
}

function directoryOf(wal: Buffer, safeSeq: bigint): string {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'telemetry.wal'), wal)
  const point = Buffer.alloc(8)
  point.writeBigUInt64LE(safeSeq)
  writeFileSync(join(directory, 'telemetry.safe_seq'), point)
  return directory
}

/** Runs the script on a directory in a process that has hardly any memory for objects. */
async function inLittleMemory(script: string, file: string, directory: string): Promise<unknown> {
  const module = new URL(`../../../dist/${file}`, import.meta.url).href
  const { stdout } = await execa(process.execPath, [
    `--max-old-space-size=${HEAP_MIB}`,
    '--input-type=module',
    '-e',
    script,
    module,
    directory,
  ])
  return JSON.parse(stdout)
}

/** 64 MiB of one frame, again and again. */
const full = (unit: Buffer): Buffer => Buffer.alloc(LOG_BYTES - (LOG_BYTES % unit.length), unit)

const HOSTILE: [string, Buffer][] = [
  ['zeros', Buffer.alloc(4)],
  ['the first entry, again and again', frame('{"seq":1}')],
  ['an entry above every safe point', frame('{"seq":18446744073709551615}')],
  ['frames of one byte', frame('x')],
  ['JSON that breaks off', frame('{"seq":1,')],
  ['JSON with a wrong word', frame('{"seq":1,"a":tru}')],
  ['entries with two seqs', frame('{"seq":1,"seq":2}')],
  ['entries with an escaped seq', frame('{"seq":1,"\\u0073eq":2}')],
  ['bytes that are not UTF-8', frame('{"seq":1,"\xff":2}')],
  ['arrays that are never closed', frame(`{"seq":1,"a":${'['.repeat(1_000_000)}`)],
]

test.each(HOSTILE)(
  '64 MiB of %s are verified in the memory of a frame, and the report is short',
  async (_, unit) => {
    const wal = full(unit)
    const frames = wal.length / unit.length
    const directory = directoryOf(wal, 5n)
    const verified = await inLittleMemory(VERIFY, 'subjects/wal/verify/verify.js', directory)
    const report = verified as VerifyReport
    expect(matchesSchema(report), JSON.stringify(matchesSchema.errors)).toBe(true)
    expect(report.pass).toBe(false)
    expect(report.counts.frames + report.counts.corruptFrames).toBe(frames)
    expect(JSON.stringify(report).length).toBeLessThan(5000)
    expect(report.offences.length).toBe(Math.min(10, report.counts.offences))
    expect(report.firstOffence).toEqual(report.offences[0])
    if (!report.NO_CORRUPT_JSON) expect(report.counts.offences).toBeGreaterThan(frames)
  },
)

test.each(HOSTILE.filter(([what]) => /zeros|first entry|one byte|breaks off/.test(what)))(
  '64 MiB of %s beyond a safe point are cut off in the memory of a frame',
  async (_, unit) => {
    const directory = directoryOf(full(unit), 0n)
    expect(await inLittleMemory(OPEN, 'wal/wal.js', directory)).toMatchObject({
      safeSeq: '0',
      records: [{ message: 'WAL_PHANTOM_DISCARDED', attributes: { offsetBytes: 0 } }],
    })
    expect(verifyLog(directory)).toMatchObject({ pass: true, counts: { walBytes: 0 } })
  },
)

test('a hole of a gibibyte is verified like any other zeros', () => {
  const directory = directoryOf(frame('{"seq":1}'), 1n)
  truncateSync(join(directory, 'telemetry.wal'), 1024 ** 3)
  const { counts } = verifyLog(directory)
  expect(counts).toMatchObject({ committedFrames: 1, walBytes: 1024 ** 3 })
  expect(counts.phantomFrames).toBe(Math.floor((1024 ** 3 - 13) / 4))
})

test.each([1024 ** 3 + 1, 2 ** 42])(
  'a log of %i bytes is refused in a sentence, and not read',
  (sizeBytes) => {
    const directory = directoryOf(frame('{"seq":1}'), 1n)
    truncateSync(join(directory, 'telemetry.wal'), sizeBytes)
    expect(() => verifyLog(directory)).toThrow(
      `telemetry.wal is ${sizeBytes} bytes long, and at most 1073741824 (1 GiB) are read`,
    )
  },
)

test('a safe_seq of any length is told and not read', () => {
  const directory = directoryOf(frame('{"seq":1}'), 1n)
  truncateSync(join(directory, 'telemetry.safe_seq'), 2 ** 42)
  const report = verifyLog(directory)
  expect(report).toMatchObject({ safeSeq: null, safeSeqBytes: 2 ** 42, pass: false })
  expect(matchesSchema(report)).toBe(true)
})

test('opening reads no more than a log’s length of a hole beyond the safe point', async () => {
  const directory = directoryOf(frame('{"seq":1}'), 1n)
  truncateSync(join(directory, 'telemetry.wal'), 2 ** 40)
  expect(await inLittleMemory(OPEN, 'wal/wal.js', directory)).toMatchObject({
    safeSeq: '1',
    records: [{ message: 'WAL_PHANTOM_DISCARDED', attributes: { bytes: 2 ** 40 - 13 } }],
  })
})
