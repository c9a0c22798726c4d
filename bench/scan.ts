import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { verifyLog } from '../subjects/wal/verify/verify.ts'
import { committedEndBytes } from '../wal/committed-range.ts'
import { encodeFrame } from '../wal/frame.ts'
import { nodeDisk } from '../wal/node-disk.ts'
import { scanFrames } from '../wal/scan.ts'
import type { BenchResult } from './result.ts'

const LOG_BYTES = 64 * 1024 * 1024
const ROUNDS = 5

const PYTHON = `
import json, struct, sys, time
start = time.perf_counter()
data = open(sys.argv[1], 'rb').read()
offset, expected = 0, 1
while offset < len(data):
    (length,) = struct.unpack_from('>I', data, offset)
    entry = json.loads(data[offset + 4 : offset + 4 + length])
    assert entry['seq'] == expected
    offset += 4 + length
    expected += 1
print(len(data) / 1e6 / (time.perf_counter() - start))
`

/** A log of 64 MiB in frames of about 200 bytes, with its safe point at the end; returns that. */
function writeLog(directory: string): bigint {
  mkdirSync(directory)
  const file = openSync(join(directory, 'telemetry.wal'), 'w')
  let seq = 0n
  let sizeBytes = 0
  for (;;) {
    const frame = encodeFrame(seq + 1n, {
      at: 1_700_000_000_000 + Number(seq),
      level: 'info',
      event: 'sensor.reading',
      source: `unit-${seq % 7n}`,
      values: [1, 2.5, Number(seq % 100n)],
      note: 'x'.repeat(60),
      ok: true,
    })
    if (sizeBytes + frame.length > LOG_BYTES) break
    writeSync(file, frame)
    sizeBytes += frame.length
    seq++
  }
  closeSync(file)
  const safeSeq = Buffer.alloc(8)
  safeSeq.writeBigUInt64LE(seq)
  writeFileSync(join(directory, 'telemetry.safe_seq'), safeSeq)
  return seq
}

function megabytesPerSecond(work: () => number): number {
  const startedMs = performance.now()
  return work() / 1000 / (performance.now() - startedMs)
}

function scan(directory: string, safeSeq: bigint): number {
  const file = nodeDisk.open(join(directory, 'telemetry.wal'), 'read')
  const sizeBytes = nodeDisk.sizeBytes(file)
  const endBytes = committedEndBytes(scanFrames(nodeDisk, file, sizeBytes), safeSeq)
  nodeDisk.close(file)
  return endBytes
}

function verify(directory: string): number {
  const report = verifyLog(directory)
  if (!report.pass)
    throw new Error(`the verifier refuses the benchmark's log: ${report.firstOffence?.detail}`)
  return report.counts.walBytes
}

const medianOf = (figures: number[]): number =>
  figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)] as number

/** The scanner and the verifier against Python's `struct` and `json` doing the same on the same file. */
export async function benchScan(root: string): Promise<BenchResult[]> {
  const directory = join(root, 'scan')
  const safeSeq = writeLog(directory)
  const speeds = { scan: [] as number[], verify: [] as number[], python: [] as number[] }
  const startBytes = process.memoryUsage().rss
  let mostBytes = startBytes
  for (let round = 0; round < ROUNDS; round++) {
    speeds.scan.push(megabytesPerSecond(() => scan(directory, safeSeq)))
    speeds.verify.push(megabytesPerSecond(() => verify(directory)))
    mostBytes = Math.max(mostBytes, process.memoryUsage().rss)
    const path = join(directory, 'telemetry.wal')
    speeds.python.push(Number(execFileSync('python3', ['-c', PYTHON, path], { encoding: 'utf8' })))
  }
  const python = medianOf(speeds.python)
  const grownMiB = (mostBytes - startBytes) / 2 ** 20
  const of = (what: string, figures: number[], wanted: number): BenchResult => ({
    what,
    figure: `${Math.round(medianOf(figures))} MB/s`,
    baseline: `Python: ${Math.round(python)} MB/s`,
    ratio: medianOf(figures) / python,
    wanted,
    note: `64 MiB, median of ${ROUNDS} rounds`,
  })
  return [
    of('scan', speeds.scan, 4),
    of('verify', speeds.verify, 1),
    {
      what: 'memory of scan and verify',
      figure: `${grownMiB.toFixed(1)} MiB above the start`,
      baseline: 'at most 64 MiB',
      ratio: 64 / Math.max(grownMiB, 1),
      wanted: 1,
    },
  ]
}
