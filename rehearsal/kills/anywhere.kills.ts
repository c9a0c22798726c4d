import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { streamOf } from '../../harness/plan/stream.ts'
import { volumeCapabilities } from '../../harness/volume/capabilities.ts'
import { makeShards, PHASES, type Phase } from './moments.ts'
import { NEIGHBOURS, type Neighbour } from './neighbours.ts'
import { remainsBelow } from './remains.ts'
import { makeScene, type Run, type Scene } from './scene.ts'

/** How many runs are killed, in which phases, what chooses the moments, and which runs live beside them. */
const { KILLS = '10', KILLS_PHASES = '', KILLS_SEED = '1', KILLS_BESIDE = '' } = process.env
const chosen = PHASES.filter(
  ({ name }) => KILLS_PHASES === '' || KILLS_PHASES.split(',').includes(name),
)
const weights = chosen.reduce((sum, { weight }) => sum + weight, 0)
const shareOf = (weight: number): number =>
  Math.max(1, Math.round((Number(KILLS) * weight) / weights))

const stream = streamOf(Number(KILLS_SEED), 0)
const able = (await volumeCapabilities()).filter(({ available }) => available).length > 1

let scene: Scene
let neighbours: Neighbour[]
const found: Record<string, number> = {}

beforeAll(async () => {
  if (!able) return
  scene = makeScene()
  await makeShards(scene)
  neighbours = []
  for (const [name, start] of Object.entries(NEIGHBOURS)) {
    const wanted = KILLS_BESIDE === '' || KILLS_BESIDE.split(',').includes(name)
    if (wanted) neighbours.push(await start(scene))
  }
})

afterAll(async () => {
  if (!able) return
  const wrong: string[] = []
  for (const each of neighbours ?? []) wrong.push(...(await each.end()))
  process.stdout.write(`${JSON.stringify({ seed: KILLS_SEED, ...found })}\n`)
  expect(wrong).toEqual([])
  scene.remove()
})

function count(what: string, number: number): void {
  found[what] = (found[what] ?? 0) + number
}

/** Kills the process alone, or all of its group as a terminal's or a runner's end would. */
async function killRun({ process: running }: Run): Promise<void> {
  const whom = stream.between(0, 1) === 0 ? running.pid : -running.pid
  try {
    process.kill(whom, 'SIGKILL')
  } catch (error) {
    // It was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
  // What holds its streams may outlive it.
  running.all.destroy()
  await running
}

/** Whichever kill it is, a next run now and then has to do without doctor. */
const WITHOUT_DOCTOR_EVERY = 10

async function cleanUp(work: string, kills: number): Promise<void> {
  if (kills % WITHOUT_DOCTOR_EVERY === 0) {
    const few = [
      '--iterations',
      '1',
      '--states',
      '20',
      '--error-cases',
      '8',
      '--out',
      'evidence',
      '--no-install',
    ]
    const { process: next, said } = scene.start(work, ['matrix', '--fs', 'ext4', ...few])
    const { exitCode } = await next
    if (exitCode !== 0) throw new Error(`the next run ended with ${exitCode}: ${said()}`)
    return
  }
  const { cleaned, leftovers, foreign } = await scene.doctor('--clean')
  expect({ left: leftovers, foreign, failed: cleaned.filter(({ removed }) => !removed) }).toEqual({
    left: [],
    foreign: [],
    failed: [],
  })
  count('removed by doctor', cleaned.length)
}

let kills = 0

const phases = chosen.map((phase): [string, Phase] => [phase.name, phase])

test.skipIf(!able).each(phases)(
  'of runs that are killed in the phase %s nothing is left, and nobody else’s is touched (needs root)',
  async (name, { weight, begin, withinMs }) => {
    const work = name.replaceAll(' ', '-')
    const registry = join(scene.root, 'state/registry')
    const remains = (): string[] => remainsBelow(scene.folder(work), registry)
    for (let nth = 0; nth < shareOf(weight); nth++) {
      kills += 1
      const run = await begin(scene, work)
      const afterMs = stream.between(0, withinMs)
      await sleep(afterMs)
      const said = `kill ${kills}, after ${afterMs} ms: ${run.said()}`
      count(run.process.exitCode === null ? name : `${name}, too late`, 1)
      await killRun(run)
      const left = remains().length
      count('things left', left)
      process.stdout.write(`kill ${kills}: ${name}, after ${afterMs} ms, left ${left} things\n`)
      await cleanUp(work, kills)
      expect(remains(), said).toEqual([])
      expect(
        neighbours.flatMap((each) => each.harm()),
        said,
      ).toEqual([])
    }
  },
)
