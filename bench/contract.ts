import { join } from 'node:path'
import { isInFull } from '../harness/crash-states/sampling.ts'
import { statesOf } from '../harness/crash-states/states.ts'
import { planPowerCut } from '../harness/plan/power-cut.ts'
import { describedHost } from '../harness/power-cut/described-host.ts'
import { diskSubjectHost } from '../harness/power-cut/disk-subject-host.ts'
import { lacksForPowerCuts } from '../harness/power-cut/requirements.ts'
import { Rig } from '../harness/power-cut/rig.ts'
import type { SubjectHost } from '../harness/power-cut/subject-host.ts'
import { packageRoot } from '../matrix/package-root.ts'
import { readDescription } from '../matrix/subject/read-description.ts'
import { HOME } from '../subjects/home.ts'
import type { BenchResult } from './result.ts'

const SEED = 1
const STATES = 480
const ROUNDS = 5

/** A described log that is handed what our log is: the same entries, as texts. */
function hostOf(description: string): { name: string; host: SubjectHost } {
  const subject = readDescription(join(packageRoot, 'subjects', description))
  const host: SubjectHost = {
    ...describedHost(subject),
    planOf(seed, round) {
      const { sessions } = planPowerCut(seed, round)
      return {
        round,
        sessions: sessions.map(({ payloads, busy }) => ({
          busy,
          payloads: payloads.map((each) => ({ do: 'append', entry: JSON.stringify(each) })),
        })),
      }
    },
  }
  return { name: subject.description.name, host }
}

/** Milliseconds that each of the first states takes: a rig that is ready to be measured, a round at a time. */
async function prepare({ name, host }: { name: string; host: SubjectHost }) {
  const rig = await Rig.create({ fileSystem: 'ext4', lanes: 2, host })
  const recording = await rig.record(name, rig.planOf(SEED, 1))
  const requests = statesOf(recording, SEED)
    .distinct.slice(0, STATES)
    .map((state, at) => ({ state, inFull: isInFull({ round: 1, number: at + 1 }) }))
  const measure = async (count = requests.length): Promise<number> => {
    const startedMs = performance.now()
    await rig.checkAll(recording, requests.slice(0, count), () => 'more')
    return (performance.now() - startedMs) / count
  }
  // The processes are started before the clock runs.
  await measure(64)
  return { measure, remove: () => rig.remove() }
}

const rate = (ms: number): string => `${Math.round(1000 / ms)} states a second`

/** Compares two hosts in turns, and takes the median of the ratios. */
async function compare(
  what: string,
  one: Parameters<typeof prepare>[0],
  base: Parameters<typeof prepare>[0] & { words: string },
  wanted: number,
): Promise<BenchResult> {
  const made = await prepare(one)
  const against = await prepare(base).catch(async (error) => {
    await made.remove()
    throw error
  })
  try {
    const rounds: { ms: number; baseMs: number; ratio: number }[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const baseMs = await against.measure()
      const ms = await made.measure()
      rounds.push({ ms, baseMs, ratio: baseMs / ms })
    }
    rounds.sort((a, b) => a.ratio - b.ratio)
    const { ms, baseMs, ratio } = rounds[(ROUNDS - 1) / 2] as (typeof rounds)[0]
    const note = `${STATES} states of ext4, median of ${ROUNDS} rounds`
    return {
      what,
      figure: rate(ms),
      baseline: `${base.words}: ${rate(baseMs)}`,
      ratio,
      wanted,
      note,
    }
  } finally {
    await made.remove()
    await against.remove()
  }
}

/** What the contract costs power cuts: our log through it, and a log in C; nothing where that can't be done. */
export async function benchContract(): Promise<BenchResult[]> {
  if ((await lacksForPowerCuts('ext4')).length > 0) return []
  const ours = hostOf('wal/pullplug.json')
  const inC = hostOf('log-in-c/pullplug.json')
  const bare = { name: 'wal', host: diskSubjectHost(HOME), words: 'as a subject that takes a disk' }
  return [
    await compare('our log through the contract', ours, bare, 0.9),
    await compare('a log in C', inC, { ...ours, words: 'our log through the contract' }, 0.8),
  ]
}
