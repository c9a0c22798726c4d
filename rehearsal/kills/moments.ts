import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PLACE } from '../../harness/volume/volume-folder.ts'
import { hasVolumeBelow } from './remains.ts'
import type { Run, Scene } from './scene.ts'

/** A phase of a run, and how a moment in it is met. */
export interface Phase {
  name: string
  /** How many of a hundred kills fall on it. */
  weight: number
  /** Starts a run and waits for the phase to begin. */
  begin(scene: Scene, work: string): Promise<Run>
  /** How long a moment after that may be. */
  withinMs: number
}

const POLL_MS = 2
const PATIENCE_MS = 120_000
/** How often a moment that is short is waited for. */
const ATTEMPTS = 5

/** Waits until a run has come so far; whether it has, or ended before that was seen. */
async function comesTo(run: Run, is: () => boolean): Promise<boolean> {
  const endMs = Date.now() + PATIENCE_MS
  while (!is()) {
    if (run.process.exitCode !== null) return false
    if (Date.now() > endMs) throw new Error(`it never came so far: ${run.said()}`)
    await sleep(POLL_MS)
  }
  return true
}

async function until(run: Run, is: () => boolean): Promise<void> {
  if (!(await comesTo(run, is))) throw new Error(`it ended too early: ${run.said()}`)
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

/** The folders of a run's devices for power cuts, the one that records first. */
function devicesOf(scene: Scene, work: string): string[] {
  const volumes = scene.volumes(work)
  const folders = namesIn(volumes)
    .filter((name) => name.includes('-power-cut') && !name.startsWith('.'))
    .map((name) => join(volumes, name))
  const madeAt = (path: string): number =>
    statSync(path, { throwIfNoEntry: false })?.birthtimeMs ?? 0
  return folders.sort((a, b) => madeAt(a) - madeAt(b))
}

const isMounted = (folder: string): boolean => hasVolumeBelow(join(folder, 'mnt'))

const OUT = ['--out', 'evidence', '--no-install']
let turn = 0
/** One file system after another. */
const fileSystem = (): string => (turn++ % 2 === 0 ? 'ext4' : 'xfs')

const tests: Phase = {
  name: 'tests',
  weight: 10,
  withinMs: 2500,
  async begin(scene, work) {
    const args = ['matrix', '--fs', fileSystem(), ...OUT]
    const run = scene.start(work, args, { withTests: true })
    await until(run, () => namesIn(scene.volumes(work)).some((name) => name !== PLACE))
    return run
  },
}

const kill: Phase = {
  name: 'kill',
  weight: 15,
  withinMs: 2500,
  async begin(scene, work) {
    const run = scene.start(work, ['matrix', '--fs', fileSystem(), '--iterations', '5000', ...OUT])
    await until(run, () => /wal-tests skipped/.test(run.said()))
    return run
  },
}

function cutPower(scene: Scene, work: string): Run {
  const few = ['--iterations', '1', '--states', '1000000']
  return scene.start(work, ['matrix', '--fs', fileSystem(), ...few, ...OUT])
}

const devices: Phase = {
  name: 'making devices',
  weight: 10,
  withinMs: 700,
  async begin(scene, work) {
    const run = cutPower(scene, work)
    await until(run, () => /portability \w+/.test(run.said()))
    return run
  },
}

const recording: Phase = {
  name: 'recording',
  weight: 25,
  withinMs: 120,
  async begin(scene, work) {
    const run = cutPower(scene, work)
    await until(run, () => devicesOf(scene, work).slice(0, 1).some(isMounted))
    return run
  },
}

const states: Phase = {
  name: 'states',
  weight: 25,
  withinMs: 2000,
  async begin(scene, work) {
    const run = cutPower(scene, work)
    await until(run, () => devicesOf(scene, work).slice(1).some(isMounted))
    return run
  },
}

const evidence: Phase = {
  name: 'evidence',
  weight: 10,
  withinMs: 12,
  async begin(scene, work) {
    const cells = join(scene.folder(work), 'cwd/evidence')
    const written = (): string[] =>
      namesIn(cells).flatMap((arch) => namesIn(join(cells, arch, 'workdir')))
    const isWriting = (): boolean => written().some((name) => name.startsWith('.run-'))
    // It lasts for milliseconds, and on a busy machine a look can come too late.
    for (let attempt = 1; ; attempt++) {
      const run = scene.start(work, ['matrix', '--fs', 'workdir', '--iterations', '1', ...OUT])
      if (await comesTo(run, isWriting)) return run
      if (attempt === ATTEMPTS || run.process.exitCode !== 0) {
        throw new Error(`it ended before its evidence was seen being written: ${run.said()}`)
      }
    }
  },
}

const merge: Phase = {
  name: 'merge',
  weight: 5,
  withinMs: 60,
  async begin(scene, work) {
    const run = scene.start(work, ['merge', '../../parts', '--out', 'evidence'])
    const out = join(scene.folder(work), 'cwd/evidence')
    await until(run, () => namesIn(out).length > 0)
    return run
  },
}

export const PHASES: readonly Phase[] = [tests, kill, devices, recording, states, evidence, merge]

/** Writes shards for the merges, once. */
export async function makeShards(scene: Scene): Promise<void> {
  for (const shard of ['1/2', '2/2']) {
    const args = ['matrix', '--fs', 'workdir', '--seed', '1', '--iterations', '4', '--shard', shard]
    const run = scene.start('shards', [...args, '--out', '../../parts', '--no-install'])
    const { exitCode } = await run.process
    if (exitCode !== 0) throw new Error(`no shard was made: ${run.said()}`)
  }
}
