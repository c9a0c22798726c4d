import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { iterationsOfPlan } from '../harness/kill/iterations-of-plan.ts'
import { Lanes } from '../harness/kill/lanes.ts'
import { killAtOperations } from '../harness/kill/operations/campaign.ts'
import { lacksForPassthrough } from '../harness/passthrough/requirements.ts'
import type { DescribedSubject } from '../harness/subject/description.ts'
import { speakerOf } from '../harness/subject/speak.ts'
import { packageRoot } from '../matrix/package-root.ts'
import { readDescription } from '../matrix/subject/read-description.ts'
import { HOME } from '../subjects/home.ts'
import type { BenchResult } from './result.ts'

const SEED = 1
const KILLS = 90
const ROUNDS = 3
const AT_ONCE = availableParallelism() + 1

/** How many a second `count` of them are. */
async function rateOf(count: number, make: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await make()
  return (count * 1000) / (performance.now() - startedMs)
}

/** Kills a described subject at operations, each round in a folder of its own. */
function killsOf(subject: DescribedSubject, root: string): () => Promise<number> {
  let round = 0
  const numbers = Array.from({ length: KILLS }, (_, at) => at + 1)
  return async () => {
    const folder = join(root, `${subject.description.name}-${++round}`)
    mkdirSync(folder)
    const options = { subject, seed: SEED, root: folder, extent: { numbers } }
    return await rateOf(KILLS, () => killAtOperations(options))
  }
}

/** Kills our log through its `Disk`. */
function killsThroughDisk(root: string): () => Promise<number> {
  let round = 0
  return async () => {
    const folder = join(root, `disk-${++round}`)
    mkdirSync(folder)
    const lanes = new Lanes({ subject: 'wal', root: folder, lanes: AT_ONCE, home: HOME })
    try {
      return await rateOf(KILLS, () => lanes.runAll(iterationsOfPlan(SEED, 1, KILLS)))
    } finally {
      await lanes.stop()
    }
  }
}

/** Starts a subject's process and ends its input. */
function bareStarts(subject: DescribedSubject): () => Promise<number> {
  const { command, cwd, environment } = speakerOf(subject)
  const [file, ...args] = command
  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = spawn(file, args, { cwd, env: { ...environment }, stdio: 'pipe' })
      child.on('error', reject).on('close', () => resolve())
      child.stdin.end()
    })
  const lane = async (): Promise<void> => {
    for (let left = KILLS / AT_ONCE; left > 0; left--) await start()
  }
  return () => rateOf(KILLS, () => Promise.all(Array.from({ length: AT_ONCE }, lane)))
}

async function compare(
  what: string,
  one: () => Promise<number>,
  base: { words: string; rate: () => Promise<number> },
  wanted: number,
): Promise<BenchResult> {
  const rounds: { rate: number; baseRate: number }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({ rate: await one(), baseRate: await base.rate() })
  }
  rounds.sort((a, b) => a.rate / a.baseRate - b.rate / b.baseRate)
  const { rate, baseRate } = rounds[(ROUNDS - 1) / 2] as (typeof rounds)[0]
  return {
    what,
    figure: `${rate.toFixed(1)} a second`,
    baseline: `${base.words}: ${baseRate.toFixed(1)} a second`,
    ratio: rate / baseRate,
    wanted,
    note: `seed ${SEED}, ${KILLS} kills with their recoveries in histories of 9 to 70 changes, ${AT_ONCE} at once, median of ${ROUNDS} rounds`,
  }
}

/** Kills at operations, against those through a `Disk` and against bare starts; nothing where they can't be made. */
export async function benchOperations(root: string): Promise<BenchResult[]> {
  if ((await lacksForPassthrough()).length > 0) return []
  const described = (name: string): DescribedSubject =>
    readDescription(join(packageRoot, 'subjects', name))
  const disk = { words: 'through its Disk', rate: killsThroughDisk(root) }
  const log = described('wal/pullplug.json')
  const inC = described('log-in-c/pullplug.json')
  const bare = { words: 'started and ended', rate: bareStarts(inC) }
  return [
    await compare('kills of our log at operations', killsOf(log, root), disk, 0.5),
    await compare('kills of a log in C at operations', killsOf(inC, root), bare, 0.35),
  ]
}
