import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { iterationsOfPlan } from '../harness/kill/iterations-of-plan.ts'
import { Lanes } from '../harness/kill/lanes.ts'
import { CHILD_ENVIRONMENT } from '../harness/process/environment.ts'
import { HOME } from '../subjects/home.ts'
import type { BenchResult } from './result.ts'

const SEED = 1
const ITERATIONS = 60
const ROUNDS = 5

/** Starts an empty Node `count` times, as many at once as the lanes are; returns starts a second. */
async function emptyStarts(script: string, count: number, lanes: number): Promise<number> {
  const startedMs = performance.now()
  let left = count
  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [script], { env: CHILD_ENVIRONMENT, stdio: 'pipe' })
      child.on('error', reject).on('close', () => resolve())
    })
  const lane = async (): Promise<void> => {
    while (left-- > 0) await start()
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return (count * 1000) / (performance.now() - startedMs)
}

/** Kill iterations of a seeded plan against starting an empty Node with the same environment. */
export async function benchKills(root: string): Promise<BenchResult[]> {
  const lanesAtOnce = availableParallelism() + 1
  const empty = join(root, 'empty.js')
  writeFileSync(empty, '')
  const rounds: { kills: number; starts: number }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const directory = join(root, `kills-${round}`)
    mkdirSync(directory)
    const lanes = new Lanes({
      subject: 'wal',
      root: directory,
      lanes: lanesAtOnce,
      home: HOME,
    })
    try {
      // The lanes' own processes are started, and the operations counted, before the clock runs.
      await lanes.runAll(iterationsOfPlan(SEED, ITERATIONS + 1, ITERATIONS + lanesAtOnce))
      const startedMs = performance.now()
      await lanes.runAll(iterationsOfPlan(SEED, 1, ITERATIONS))
      const kills = (ITERATIONS * 1000) / (performance.now() - startedMs)
      rounds.push({ kills, starts: await emptyStarts(empty, ITERATIONS, lanesAtOnce) })
    } finally {
      await lanes.stop()
    }
  }
  const ratio = (round: (typeof rounds)[0]): number => round.kills / round.starts
  const median = rounds.sort((a, b) => ratio(a) - ratio(b))[(ROUNDS - 1) / 2] as (typeof rounds)[0]
  return [
    {
      what: 'kill iterations',
      figure: `${median.kills.toFixed(1)} a second`,
      baseline: `an empty Node: ${median.starts.toFixed(1)} a second`,
      ratio: ratio(median),
      wanted: 0.6,
      note: `seed ${SEED}, ${ITERATIONS} iterations, ${lanesAtOnce} at once, median of ${ROUNDS} rounds`,
    },
  ]
}
