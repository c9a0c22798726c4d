import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { MachineError } from '../process/machine-error.ts'
import { pauseSync } from '../process/pause-sync.ts'
import { type Holder, holdersOf } from './holders.ts'
import { loopDevicesOn, mountsWithin } from './mounts.ts'
import { imageOf, mountPointOf } from './volume-folder.ts'

/** How often a thing is tried that somebody may still be busy with, and how long between. */
const ATTEMPTS = 40
const PAUSE_MS = 50

/** What undoing a volume takes: its order is told once, for those who may wait and those who can't. */
type Step = { command: readonly [string, ...string[]] } | { pauseMs: number }

function pathsMountedWithin(mountPoint: string): Set<string> {
  return new Set(mountsWithin(mountPoint).map((mount) => mount.mountPoint))
}

function* unmounting(mountPoint: string): Generator<Step, Holder[], void> {
  for (let attempt = 0; attempt < ATTEMPTS; ) {
    const before = mountsWithin(mountPoint).length
    if (before === 0) return []
    // In any order: what another one stands on fails in this round, and goes in the next.
    for (const path of pathsMountedWithin(mountPoint)) yield { command: ['umount', path] }
    if (mountsWithin(mountPoint).length < before) continue
    attempt += 1
    yield { pauseMs: PAUSE_MS }
  }
  const holders = holdersOf(mountPoint)
  // With its name gone, nobody new can take hold of it, and the last one to let go ends it.
  for (let left = Number.POSITIVE_INFINITY; mountsWithin(mountPoint).length < left; ) {
    left = mountsWithin(mountPoint).length
    for (const path of pathsMountedWithin(mountPoint)) yield { command: ['umount', '-l', path] }
  }
  return holders
}

function* detaching(image: string): Generator<Step, void, void> {
  // The device was made to detach itself with the unmount; one that was never mounted has not.
  for (const device of loopDevicesOn(image)) yield { command: ['losetup', '-d', device] }
  for (let attempt = 0; attempt < ATTEMPTS && loopDevicesOn(image).length > 0; attempt++) {
    yield { pauseMs: PAUSE_MS }
  }
}

function notReleased(folder: string, what: string[], holders: Holder[]): MachineError {
  const held = holders.map(({ pid, name }) => `process ${pid} (${name})`).join(', ')
  return new MachineError(
    'BROKEN',
    `the volume in ${folder} could not be undone: ${what.join(' and ')}${held && `; ${held} holds it`}`,
    `End ${held ? 'that' : 'whatever uses it'}, then run \`pullplug doctor --clean\`.`,
  )
}

function* undoing(folder: string): Generator<Step, void, void> {
  const image = imageOf(folder)
  const mountPoint = mountPointOf(folder)
  let holders = yield* unmounting(mountPoint)
  yield* detaching(image)
  if (holders.length === 0 && mountsWithin(mountPoint).length > 0) {
    // A mount(8) whose harness was killed was still at work.
    holders = yield* unmounting(mountPoint)
    yield* detaching(image)
  }
  // The image of a power-cut device is a mount of its own, on a file.
  yield* unmounting(image)
  const left = [
    ...mountsWithin(folder).map((mount) => `${mount.mountPoint} is mounted`),
    ...loopDevicesOn(image).map((device) => `${device} is in use`),
  ]
  if (left.length > 0) {
    throw notReleased(folder, left, holders.length > 0 ? holders : holdersOf(mountPoint))
  }
  try {
    // The owner's name goes last, so that what an interruption leaves is still known to be ours.
    for (const path of [mountPoint, image, folder]) rmSync(path, { recursive: true, force: true })
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `${folder} could not be removed: ${(cause as Error).message}`,
      'Remove it by hand; nothing is mounted there.',
      { cause },
    )
  }
}

// Out of the terminal's process group, for a Ctrl-C must not reach what tidies up after it.
const COMMAND_OPTIONS = { env: CHILD_ENVIRONMENT, stdio: 'ignore', detached: true } as const

/**
 * Undoes a volume, whatever there is of it: unmounts it (waiting a while for those who are busy there),
 * detaches its loop device, removes its folder. Doing it twice does nothing more. Throws a
 * `MachineError` when something is left, and the folder then stays as the trace of it.
 */
export async function undo(folder: string): Promise<void> {
  for (const step of undoing(folder)) {
    if ('pauseMs' in step) await sleep(step.pauseMs)
    else {
      const [file, ...args] = step.command
      await execa(file, args, { ...COMMAND_OPTIONS, extendEnv: false, reject: false })
    }
  }
}

/** The same without giving way to anything else, for an exit handler. */
export function undoSync(folder: string): void {
  for (const step of undoing(folder)) {
    if ('pauseMs' in step) pauseSync(step.pauseMs)
    else {
      const [file, ...args] = step.command
      spawnSync(file, args, COMMAND_OPTIONS)
    }
  }
}
