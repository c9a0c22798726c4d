import { spawnSync } from 'node:child_process'
import { existsSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { removeOwnedFolder } from '../owned/owned-folder.ts'
import { killCgroup, removeCgroup } from '../process/cgroup.ts'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { MachineError } from '../process/machine-error.ts'
import { commandInside, type MountNamespace } from '../process/namespace.ts'
import { pauseSync } from '../process/pause-sync.ts'
import { abortConnections, fuseConnectionsIn } from './abort-fuse.ts'
import { loopDevicesOf } from './attachment.ts'
import { type Holder, holdersOf } from './holders.ts'
import { type Mount, mountsWithin } from './mounts.ts'
import { backingOf, cgroupOf } from './served-folder.ts'
import { imageOf, mountPointOf, VOLUME_NAMES } from './volume-folder.ts'

/** How often a thing is tried that somebody may still be busy with, and how long between. */
const ATTEMPTS = 40
const PAUSE_MS = 50

/** What undoing a volume takes: its order is told once, for those who may wait and those who can't. */
type Step = { command: readonly [string, ...string[]] } | { pauseMs: number }

/** Whether what /proc tells of a thread could not be read because the thread has ended. */
function hasEnded(error: unknown): boolean {
  return ['ENOENT', 'ESRCH', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')
}

/** The mounts at a path and below it, in the namespace that they were made in. */
class Mounts {
  readonly #path: string
  readonly #namespace: MountNamespace | undefined

  constructor(path: string, namespace?: MountNamespace) {
    this.#path = path
    this.#namespace = namespace
  }

  get count(): number {
    return this.#list().length
  }

  /** The steps that unmount each, in any order: what another one stands on fails, and goes the next time. */
  unmountEach(...flags: string[]): Step[] {
    const paths = new Set(this.#list().map(({ mountPoint }) => mountPoint))
    return [...paths].map((path) => ({
      command: commandInside(this.#namespace, ['umount', ...flags, path]),
    }))
  }

  #list(): Mount[] {
    try {
      return mountsWithin(this.#path, this.#namespace)
    } catch (error) {
      // A namespace whose thread has ended, or is about to, took its mounts along.
      if (this.#namespace === undefined || !hasEnded(error)) throw error
      return []
    }
  }
}

function* unmounting(
  mountPoint: string,
  namespace?: MountNamespace,
): Generator<Step, Holder[], void> {
  const mounts = new Mounts(mountPoint, namespace)
  for (let attempt = 0; attempt < ATTEMPTS; ) {
    const before = mounts.count
    if (before === 0) return []
    yield* mounts.unmountEach()
    if (mounts.count < before) continue
    attempt += 1
    yield { pauseMs: PAUSE_MS }
  }
  const holders = holdersOf(mountPoint)
  // With its name gone, nobody new can take hold of it, and the last one to let go ends it.
  for (let left = Number.POSITIVE_INFINITY; mounts.count < left; ) {
    left = mounts.count
    yield* mounts.unmountEach('-l')
  }
  return holders
}

/**
 * Removes a mount point on which nothing is mounted here. Where another namespace has a copy of what was
 * mounted, the kernel unmounts that with it (Linux 3.18).
 */
function dropCopies(mountPoint: string): void {
  try {
    rmdirSync(mountPoint)
  } catch {
    // It is in use, was never made, or holds what was put there in place of a mount.
  }
}

function* detaching(folder: string): Generator<Step, void, void> {
  // The device was made to detach itself with the unmount; one that was never mounted has not.
  for (const device of loopDevicesOf(folder)) yield { command: ['losetup', '-d', device] }
  for (let attempt = 0; attempt < ATTEMPTS && loopDevicesOf(folder).length > 0; attempt++) {
    yield { pauseMs: PAUSE_MS }
  }
}

/**
 * Ends what goes on in a directory that is served: first those who use it, who would go on to write, then the
 * connection, at which one of them may wait for an answer that never comes.
 */
function* endingService(folder: string): Generator<Step, void, void> {
  const cgroup = cgroupOf(folder)
  if (cgroup === null && !existsSync(backingOf(folder))) return
  if (cgroup !== null) killCgroup(cgroup)
  abortConnections(fuseConnectionsIn(mountPointOf(folder)))
  if (cgroup === null) return
  for (let attempt = 0; attempt < ATTEMPTS && !removeCgroup(cgroup); attempt++) {
    yield { pauseMs: PAUSE_MS }
  }
}

function cgroupLeft(folder: string): string[] {
  const cgroup = cgroupOf(folder)
  return cgroup !== null && existsSync(cgroup) ? [`${cgroup} has processes`] : []
}

function notReleased(folder: string, what: string[], holders: Holder[]): MachineError {
  const held = holders
    .map(({ pid, name }) => `process ${pid ?? 'of another PID namespace'} (${name})`)
    .join(', ')
  return new MachineError(
    'BROKEN',
    `the volume in ${folder} could not be undone: ${what.join(' and ')}${held && `; ${held} holds it`}`,
    `End ${held ? 'that' : 'whatever uses it'}, then run \`pullplug doctor --clean\`.`,
  )
}

function* undoing(folder: string, namespace?: MountNamespace): Generator<Step, void, void> {
  const image = imageOf(folder)
  const mountPoint = mountPointOf(folder)
  const mounts = new Mounts(mountPoint, namespace)
  yield* endingService(folder)
  let holders = yield* unmounting(mountPoint, namespace)
  // Asked before, for what the kernel has unmounted has no name any more.
  const copyHolders = loopDevicesOf(folder).length > 0 ? holdersOf(mountPoint) : []
  dropCopies(mountPoint)
  yield* detaching(folder)
  if (holders.length === 0 && mounts.count > 0) {
    // A mount(8) whose harness was killed was still at work, or a mount(2) of another thread.
    holders = yield* unmounting(mountPoint, namespace)
    yield* detaching(folder)
  }
  // The image of a power-cut device is a mount of its own, on a file.
  const connections = fuseConnectionsIn(image)
  yield* unmounting(image)
  yield* unmounting(backingOf(folder))
  dropCopies(backingOf(folder))
  const left = [
    ...mountsWithin(folder).map((mount) => `${mount.mountPoint} is mounted`),
    ...loopDevicesOf(folder).map((device) => `${device} is in use`),
    ...cgroupLeft(folder),
  ]
  if (connections.length > 0 && (left.length > 0 || holdersOf(image).length > 0)) {
    // While somebody has a copy of it, the thread that serves it would wait there, and this process for it.
    abortConnections(connections)
  }
  if (left.length > 0) {
    const known = holders.length > 0 ? holders : copyHolders
    throw notReleased(folder, left, known.length > 0 ? known : holdersOf(mountPoint))
  }
  try {
    // The owner's name goes last, so that what an interruption leaves is still known to be ours.
    for (const name of VOLUME_NAMES) rmSync(join(folder, name), { recursive: true, force: true })
    removeOwnedFolder(folder)
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
 * detaches its loop device, removes its folder. `namespace` is where it is mounted, unless that is where
 * this process is. Doing it twice does nothing more. Throws a `MachineError` when something is left, and
 * the folder then stays as the trace of it.
 */
export async function undo(folder: string, namespace?: MountNamespace): Promise<void> {
  for (const step of undoing(folder, namespace)) {
    if ('pauseMs' in step) await sleep(step.pauseMs)
    else {
      const [file, ...args] = step.command
      await execa(file, args, { ...COMMAND_OPTIONS, extendEnv: false, reject: false })
    }
  }
}

/** The same without giving way to anything else, for an exit handler. */
export function undoSync(folder: string, namespace?: MountNamespace): void {
  for (const step of undoing(folder, namespace)) {
    if ('pauseMs' in step) pauseSync(step.pauseMs)
    else {
      const [file, ...args] = step.command
      spawnSync(file, args, COMMAND_OPTIONS)
    }
  }
}
