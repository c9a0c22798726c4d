import { mkdirSync, rmSync, writevSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { mountFuse } from '../fuse/mount-fuse.ts'
import { filled, noticeHeader } from '../fuse/request.ts'
import { NOTIFY_INVAL_ENTRY_OUT } from '../fuse/structs.ts'
import { freshPath, makeOwnedFolder } from '../owned/owned-folder.ts'
import { cgroupParent, commandInCgroup, killCgroup, processesIn } from '../process/cgroup.ts'
import { MachineError } from '../process/machine-error.ts'
import { loadSystemCalls, MOUNT_FLAG } from '../process/system-calls.ts'
import { fuseConnectionsIn } from '../volume/abort-fuse.ts'
import { type Guarded, guard, unguard } from '../volume/at-exit.ts'
import { backingOf, cgroupFor, noteCgroup } from '../volume/served-folder.ts'
import { openStateDirectory } from '../volume/state-directory.ts'
import { undo } from '../volume/undo.ts'
import { mountPointOf } from '../volume/volume-folder.ts'
import { bytesOf } from './name-bytes.ts'
import { ROOT_NODE } from './nodes.ts'
import type { Operation } from './operation.ts'
import { PassthroughServer } from './passthrough-server.ts'
import type { PassthroughPlan } from './plan.ts'
import { allocateTrace, FAILURE, KILLED, TRACE_LIMITS, type TraceLimits } from './trace-memory.ts'

export interface PassthroughOptions {
  /** Where its folder is made. */
  stateDirectory?: string
  /** The folder that is served, which outlives it; one in memory (tmpfs) unless given. */
  backing?: string
  limits?: TraceLimits
  signal?: AbortSignal
}

/** What a fault did. */
export interface Strike {
  /** The numbers of the operations that it struck, in order. */
  operations: number[]
  /**
   * Of a kill, whom it took: all in the subject's cgroup, or the process group of whoever called; `missed` where
   * that was nobody's or this process's own. Null of any other fault.
   */
  killed: 'cgroup' | 'process-group' | 'missed' | null
}

/** What was observed. */
export interface Observation {
  operations: Operation[]
  /** Null where the fault met no operation. */
  struck: Strike | null
  /** Whether there were more operations than there was room for: those that are missing came last. */
  overflow: boolean
}

// Modes are checked by the kernel, and processes of any user let in.
const MOUNT_OPTIONS = 'rootmode=40000,user_id=0,group_id=0,default_permissions,allow_other'
const NOTIFY_INVAL_ENTRY = 3
const GONE_MS = 10_000

interface Parts {
  guarded: Guarded
  server: PassthroughServer
  cgroup: string | null
}

function makeFolder(stateDirectory: string, parent: string | null): string {
  const folder = freshPath(stateDirectory, 'passthrough-')
  return makeOwnedFolder(folder, 'volume', (unfinished) => {
    mkdirSync(mountPointOf(unfinished))
    mkdirSync(backingOf(unfinished), { mode: 0o755 })
    if (parent !== null) noteCgroup(unfinished, cgroupFor(folder, parent))
  })
}

/**
 * A directory whose every operation is seen, in order and before it is done, and can be made to fail or to be the
 * last. A worker serves it over FUSE from another folder. It is mounted where this process is: a copy of the
 * mount in another namespace keeps no data and ends with the connection, so that programs need no namespace to use it.
 *
 * This process must not touch the mount point, where it would wait for its own thread; it finds all in `backing`.
 */
export class Passthrough {
  /** What the subject is given. */
  readonly mountPoint: string
  /** The same files for this process. */
  readonly backing: string
  readonly #parts: Parts

  private constructor(parts: Parts) {
    this.mountPoint = mountPointOf(parts.guarded.folder)
    this.backing = backingOf(parts.guarded.folder)
    this.#parts = parts
  }

  /**
   * Makes one. Like a volume, it is undone whatever happens to this process. Throws a `MachineError`, and what
   * `signal` was aborted with.
   */
  static async create(options: PassthroughOptions = {}): Promise<Passthrough> {
    const { limits = TRACE_LIMITS, signal } = options
    signal?.throwIfAborted()
    const calls = await loadSystemCalls()
    const stateDirectory = openStateDirectory(options.stateDirectory)
    const parent = cgroupParent()
    const guarded = guard(() => makeFolder(stateDirectory, parent))
    const { folder } = guarded
    try {
      const cgroup = parent === null ? null : cgroupFor(folder, parent)
      if (cgroup !== null) mkdirSync(cgroup)
      if (options.backing === undefined) {
        calls.mount('pullplug', backingOf(folder), 'tmpfs', 0, 'mode=755')
      } else calls.mount(options.backing, backingOf(folder), null, MOUNT_FLAG.bind, null)
      const fuse = mountFuse(calls, mountPointOf(folder), MOUNT_OPTIONS)
      const [connection = ''] = fuseConnectionsIn(folder)
      const trace = allocateTrace(limits)
      const server = await PassthroughServer.start({
        fuse,
        connection,
        backing: backingOf(folder),
        cgroup,
        trace,
      })
      server.memory.order(null)
      return new Passthrough({ guarded, server, cgroup })
    } catch (error) {
      await undo(folder)
      unguard(guarded)
      throw asMachineError(error)
    }
  }

  /**
   * Begins to number and write down the operations, from 1, and arms the plan's fault. Throws a `MachineError`
   * where a subject is still there, whose operations would be counted along, unless `mayBeThere`: it waits for orders.
   */
  begin(plan: PassthroughPlan = {}, { mayBeThere = false } = {}): void {
    this.assertServing()
    const left = mayBeThere ? [] : this.processes()
    if (left.length > 0) {
      throw new MachineError(
        'BROKEN',
        `process ${left[0]} of an earlier subject still runs in ${this.mountPoint}`,
        'End it, by killAll, before the next observation.',
      )
    }
    this.#memory.order(null)
    this.#memory.clear()
    this.#memory.order(plan)
  }

  /** How many operations have been seen since the observation began. */
  get seen(): number {
    return this.#memory.length
  }

  /** How many operations the fault has struck since then. */
  get struck(): number {
    return this.#memory.struck
  }

  /** Lifts a fault that lasts, such as a full disk; what it did stays. */
  release(): void {
    this.#memory.released = true
  }

  /**
   * Ends the observation and tells of it; no fault strikes any more. What a subject that is still there does next is
   * not seen. Throws a `MachineError` where the directory was not served as it should be: then what the subject met says
   * nothing about it.
   */
  end(): Observation {
    this.#memory.order(null)
    this.assertServing()
    const operations = this.#memory.copy()
    const strikes = operations.flatMap(({ n, struck }) => (struck ? n : []))
    const killed = KILLED[this.#memory.killed] || null
    const struck = strikes.length > 0 || killed !== null ? { operations: strikes, killed } : null
    return { operations, struck, overflow: this.#memory.overflow }
  }

  /**
   * A command whose process, and all that it starts, belongs to the subject: what a kill takes. It keeps the id of the
   * process that is started, and begins in `folder` of the directory: whoever starts it must not give it that folder
   * itself, for a process that starts another one waits until that is there. Without cgroups a kill takes the process
   * group.
   */
  commandInside(
    command: readonly [string, ...string[]],
    folder = this.mountPoint,
  ): [string, ...string[]] {
    return commandInCgroup(this.#parts.cgroup, folder, command)
  }

  /** The processes of the subject that are there, by their ids; none where there are no cgroups. */
  processes(): number[] {
    const { cgroup } = this.#parts
    return cgroup === null ? [] : processesIn(cgroup)
  }

  /** Whether the subject is all that is in a cgroup; else nobody tells what belongs to it. */
  get hasCgroup(): boolean {
    return this.#parts.cgroup !== null
  }

  /** Kills all of the subject, without waiting, and returns how many processes there were. */
  strikeAll(): number {
    const left = this.processes()
    if (left.length > 0) killCgroup(this.#parts.cgroup as string)
    return left.length
  }

  /**
   * Returns when the subject is gone, with all that the kernel wrote back at its end. Throws a `MachineError` when it is
   * not after ten seconds.
   */
  async whenGone(): Promise<void> {
    const endMs = Date.now() + GONE_MS
    while (this.processes().length > 0) {
      this.assertServing()
      if (Date.now() > endMs) {
        throw new MachineError(
          'BROKEN',
          `process ${this.processes()[0]} of the subject does not end`,
          'See what it waits for (/proc/PID/stack), and run `pullplug doctor --clean`.',
        )
      }
      await sleep(1)
    }
  }

  /** Kills all of the subject, and returns when it is gone. Throws a `MachineError` when it does not end. */
  async killAll(): Promise<void> {
    if (this.#parts.cgroup !== null) killCgroup(this.#parts.cgroup)
    await this.whenGone()
  }

  /** Makes an empty folder, for one run of a subject; returns how the subject finds it. */
  makeFolder(name: string): string {
    mkdirSync(join(this.backing, name))
    return join(this.mountPoint, name)
  }

  /**
   * Removes a folder with all that is in it, and has the kernel forget it, which would keep two descriptors for each of
   * its files. Only while no subject is there. Throws the operating system's error, or a `MachineError`.
   */
  removeFolder(name: string): void {
    this.assertServing()
    rmSync(join(this.backing, name), { recursive: true, force: true })
    const bytes = Buffer.concat([bytesOf(name), Buffer.alloc(1)])
    const notice = filled(NOTIFY_INVAL_ENTRY_OUT, { parent: ROOT_NODE, namelen: bytes.length - 1 })
    const header = noticeHeader(NOTIFY_INVAL_ENTRY, notice.length + bytes.length)
    try {
      writevSync(this.#parts.server.fuse, [header, notice, bytes])
    } catch (error) {
      // The kernel did not know it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }

  /** Undoes all of it; a second call does nothing. Throws a `MachineError` when something is left. */
  async remove(): Promise<void> {
    const { guarded, server } = this.#parts
    await undo(guarded.folder)
    unguard(guarded)
    await server.end()
  }

  get #memory() {
    return this.#parts.server.memory
  }

  /** Throws a `MachineError` where the directory was not served as it should be. */
  assertServing(): void {
    const { failure } = this.#memory
    if (failure === FAILURE.none) return
    throw failure === FAILURE.broken
      ? new MachineError(
          'BROKEN',
          'the worker that serves the directory has died, or its connection was cut',
          'Run `pullplug doctor --clean`; if it comes again, report it.',
        )
      : new MachineError(
          'BROKEN',
          'the folder behind the directory refused an operation for want of room or descriptors',
          'Free some memory, or raise the limit of open files (ulimit -n).',
        )
  }
}

function asMachineError(error: unknown): unknown {
  if (error instanceof MachineError) return error
  return new MachineError(
    'BROKEN',
    `no directory can be served: ${(error as Error).message}`,
    'Run it as root, and in a container with --privileged.',
    { cause: error },
  )
}
