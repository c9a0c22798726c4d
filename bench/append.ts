import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { Bench } from 'tinybench'
import { Wal } from '../wal/wal.ts'
import type { BenchResult } from './result.ts'

const FIELDS = { event: 'sensor.reading', at: '2026-01-01T00:00:00Z', note: 'x'.repeat(120) }

const ROUNDS = 41

/** The system calls of an append, bare and in the same order. */
function bareAppend(directory: string): () => void {
  const log = openSync(join(directory, 'log'), constants.O_RDWR | constants.O_CREAT)
  const tmp = join(directory, 'safe.tmp')
  const safe = join(directory, 'safe')
  const frame = Buffer.alloc(4 + JSON.stringify({ seq: 100000, ...FIELDS }).length, 'x')
  const point = Buffer.alloc(8)
  let endBytes = 0
  return () => {
    writeSync(log, frame, 0, frame.length, endBytes)
    endBytes += frame.length
    fdatasyncSync(log)
    const file = openSync(tmp, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC, 0o644)
    writeSync(file, point, 0, point.length, 0)
    fdatasyncSync(file)
    closeSync(file)
    renameSync(tmp, safe)
    const entries = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY)
    fsyncSync(entries)
    closeSync(entries)
  }
}

/** `append` against the system calls that it makes, made bare, in turns on the same file system. */
export async function benchAppend(root: string): Promise<BenchResult[]> {
  const directories = ['log', 'bare'].map((name) => join(root, name)) as [string, string]
  for (const directory of directories) mkdirSync(directory)
  const wal = Wal.open(directories[0], { maxLogBytes: Number.MAX_SAFE_INTEGER })
  const bare = bareAppend(directories[1])
  const rounds: { log: number; bare: number }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const bench = new Bench({ time: 100, warmupTime: 10 })
    // Whoever runs first in a round finds the device less busy, so they take turns.
    const tasks: [string, () => void][] = [
      ['log', () => void wal.append(FIELDS)],
      ['bare', bare],
    ]
    for (const [name, work] of round % 2 === 0 ? tasks : tasks.reverse()) bench.add(name, work)
    await bench.run()
    const speedOf = (name: string): number => {
      const result = bench.getTask(name)?.result
      return result?.state === 'completed' ? result.throughput.p50 : Number.NaN
    }
    rounds.push({ log: speedOf('log'), bare: speedOf('bare') })
  }
  wal.close()
  const middle = (ROUNDS - 1) / 2
  const byRatio = rounds.sort((a, b) => a.log / a.bare - b.log / b.bare)
  const median = byRatio[middle] as (typeof rounds)[0]
  return [
    {
      what: 'append',
      figure: `${Math.round(median.log)} a second`,
      baseline: `the same system calls, bare: ${Math.round(median.bare)} a second`,
      ratio: median.log / median.bare,
      wanted: 0.9,
      note: `median of ${ROUNDS} rounds`,
    },
  ]
}
