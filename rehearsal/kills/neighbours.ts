import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { statOf } from '../../harness/process/stat.ts'
import { PLACE } from '../../harness/volume/volume-folder.ts'
import { mountsBelow, remainsBelow } from './remains.ts'
import type { Run, Scene } from './scene.ts'

/** A run that lives beside those that are killed, and that nobody may touch. */
export interface Neighbour {
  /** What of it is not as it was; empty when all is. */
  harm(): string[]
  /** Ends it by SIGINT; what went wrong with that, or is left. */
  end(): Promise<string[]>
}

/** It ends with this process, however that ends, and is the last to be given a processor. */
const prefix = ['setpriv', '--pdeathsig', 'KILL', 'nice', '-n', '19']

const OUT = ['--out', 'evidence', '--no-install']

async function until(run: Run, is: () => boolean): Promise<void> {
  while (!is()) {
    if (run.process.exitCode !== null) throw new Error(`a neighbour ended: ${run.said()}`)
    await sleep(20)
  }
}

/** The folders of its volumes; one that is just being made has another name until it is whole. */
const volumesOf = (scene: Scene, work: string): string[] =>
  readdirSync(scene.volumes(work)).filter((name) => !name.startsWith('.') && name !== PLACE)

function neighbour(scene: Scene, work: string, run: Run): Neighbour {
  const { pid } = run.process
  const lock = join(scene.folder(work), 'cwd/evidence/.lock/owner.json')
  const locked = readFileSync(lock, 'utf8')
  const folders = volumesOf(scene, work)
  return {
    harm() {
      const harms: string[] = []
      if (statOf(pid) === null) harms.push(`${work} is dead: ${run.said().slice(-500)}`)
      if (!existsSync(lock) || readFileSync(lock, 'utf8') !== locked)
        harms.push(`${work}: its lock`)
      for (const name of folders) {
        if (!existsSync(join(scene.volumes(work), name, 'owner.json')))
          harms.push(`${work}: ${name}`)
      }
      if (mountsBelow(scene.volumes(work)).length === 0) harms.push(`${work}: nothing is mounted`)
      const failures = run.said().match(/.* (fail|not judged|could not).*/g) ?? []
      return [...harms, ...failures.map((line) => `${work}: ${line}`)]
    },
    async end() {
      process.kill(pid, 'SIGCONT')
      process.kill(pid, 'SIGINT')
      const { exitCode } = await run.process
      const wrong = exitCode === 130 ? [] : [`${work} ended with ${exitCode}: ${run.said()}`]
      return [...wrong, ...remainsBelow(scene.folder(work), join(scene.root, 'state/registry'))]
    },
  }
}

/** One in the middle of its kills, which is halted so that all of it stays as it is. */
async function halted(scene: Scene): Promise<Neighbour> {
  const run = scene.start('halted', ['matrix', '--fs', 'ext4', '--iterations', '20000', ...OUT], {
    prefix,
  })
  await until(run, () => /wal-tests skipped/.test(run.said()))
  await sleep(500)
  process.kill(run.process.pid, 'SIGSTOP')
  return neighbour(scene, 'halted', run)
}

/** One that kills its victims the whole time. */
async function killing(scene: Scene): Promise<Neighbour> {
  const args = ['matrix', '--fs', 'xfs', '--iterations', '20000', ...OUT]
  const run = scene.start('killing', args, { prefix })
  await until(run, () => /wal-tests skipped/.test(run.said()))
  return neighbour(scene, 'killing', run)
}

/** One that cuts the power of a disk the whole time. */
async function cutting(scene: Scene): Promise<Neighbour> {
  const few = ['--iterations', '1', '--states', '10000000']
  const run = scene.start('cutting', ['matrix', '--fs', 'ext4', ...few, ...OUT], { prefix })
  const devices = (): string[] =>
    volumesOf(scene, 'cutting').filter((name) => name.includes('-power-cut'))
  await until(run, () => /portability \w+/.test(run.said()) && devices().length > 2)
  return neighbour(scene, 'cutting', run)
}

export const NEIGHBOURS: Readonly<Record<string, (scene: Scene) => Promise<Neighbour>>> = {
  halted,
  killing,
  cutting,
}
