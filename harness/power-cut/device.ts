import { once } from 'node:events'
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
  writevSync,
} from 'node:fs'
import { basename } from 'node:path'
import { Worker } from 'node:worker_threads'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { MachineError } from '../process/machine-error.ts'
import { scriptPath } from '../process/script.ts'
import { loadSystemCalls, MOUNT_FLAG, type SystemCalls } from '../process/system-calls.ts'
import { type Guarded, guard, unguard } from '../volume/at-exit.ts'
import { attachLoopDevice } from '../volume/build.ts'
import type { FileSystemName } from '../volume/file-systems.ts'
import { openStateDirectory } from '../volume/state-directory.ts'
import { undo } from '../volume/undo.ts'
import { imageOf, makeVolumeFolder, mountPointOf } from '../volume/volume-folder.ts'
import {
  allocateMemory,
  DEFAULT_LIMITS,
  type DeviceLimits,
  DeviceMemory,
  FAILURE,
} from './device-memory.ts'
import type { DeviceWorkerData } from './device-worker.ts'
import { POWER_CUT_FILE_SYSTEMS } from './file-systems.ts'
import { forgetRange, storeRange } from './fuse.ts'

export interface DeviceOptions {
  fileSystem: FileSystemName
  sizeBytes: number
  /**
   * Whether each write and flush reaches the device at once and in order, as recording needs it. Where
   * not, the kernel keeps writes back until they are collected, and ext4 flushes nothing: that is faster.
   */
  inOrder: boolean
  limits?: DeviceLimits
  stateDirectory?: string
  signal?: AbortSignal
}

const FOLDER_MARK = '-power-cut'

/** Whether a folder in a state directory is a device's. */
export const isDeviceFolder = (folder: string): boolean => basename(folder).includes(FOLDER_MARK)

/** ioctl of a block device: forget what is cached of it (linux/fs.h). */
const BLKFLSBUF = 0x1261

/** The sixteenth field of /sys/block/NAME/stat: flushes completed. */
const STAT_FLUSHES = 15

function mountFuse(calls: SystemCalls, image: string): number {
  let fuse: number
  try {
    fuse = openSync('/dev/fuse', 'r+')
  } catch (cause) {
    throw new MachineError(
      'MISSING',
      `/dev/fuse cannot be opened: ${(cause as Error).message}`,
      'Run `modprobe fuse`, or the container with --privileged.',
      { cause },
    )
  }
  try {
    const options = `fd=${fuse},rootmode=100000,user_id=0,group_id=0,allow_other`
    calls.mountSync('pullplug', image, 'fuse', 0, options)
    return fuse
  } catch (cause) {
    closeSync(fuse)
    throw new MachineError(
      'BROKEN',
      `no file can be served over FUSE: ${(cause as Error).message}`,
      'Run it as root, and in a container with --privileged.',
      { cause },
    )
  }
}

/** Opens a file for one thing only: what is held open can't be detached by an exit handler. */
function withFile(path: string, act: (file: number) => void): void {
  const file = openSync(path, 'r')
  try {
    act(file)
  } finally {
    closeSync(file)
  }
}

/** Starts the worker, and returns once it serves. Throws a `MachineError`. */
async function startWorker(
  script: string,
  workerData: DeviceWorkerData,
  memory: DeviceMemory,
): Promise<Worker> {
  const worker = new Worker(script, {
    workerData,
    env: CHILD_ENVIRONMENT,
    execArgv: [],
    // The file descriptor that it closes was opened here.
    trackUnmanagedFds: false,
  })
  // Told by its end as well, but an error that nobody listens to would end this process.
  worker.on('error', () => {})
  worker.on('exit', () => {
    memory.failure = FAILURE.broken
    if (memory.close()) closeSync(workerData.fuse)
  })
  try {
    await once(worker, 'message')
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `the worker that serves the device could not be started: ${(cause as Error).message}`,
      'Run `npm run build`.',
      { cause },
    )
  }
  // It waits in a read that nothing but the unmount ends, and must not keep this process alive.
  worker.unref()
  return worker
}

/**
 * A block device whose disk is this process's memory: a loop device on one file, which a worker serves
 * over FUSE. It can record what is written to it, and be given any content while it is not mounted.
 */
export class Device {
  readonly memory: DeviceMemory
  readonly loopDevice: string
  readonly mountPoint: string
  readonly #fileSystem: FileSystemName
  readonly #inOrder: boolean
  readonly #guarded: Guarded
  readonly #calls: SystemCalls
  readonly #fuse: number
  readonly #worker: Worker

  private constructor(
    parts: Pick<Device, 'memory' | 'loopDevice'> & {
      fileSystem: FileSystemName
      inOrder: boolean
      guarded: Guarded
      calls: SystemCalls
      fuse: number
      worker: Worker
    },
  ) {
    this.memory = parts.memory
    this.loopDevice = parts.loopDevice
    this.mountPoint = mountPointOf(parts.guarded.folder)
    this.#fileSystem = parts.fileSystem
    this.#inOrder = parts.inOrder
    this.#guarded = parts.guarded
    this.#calls = parts.calls
    this.#fuse = parts.fuse
    this.#worker = parts.worker
  }

  /**
   * Makes a device. Like a volume, it is undone whatever happens to this process. Throws a
   * `MachineError`, and what `signal` was aborted with.
   */
  static async create(options: DeviceOptions): Promise<Device> {
    const { fileSystem, sizeBytes, inOrder, limits = DEFAULT_LIMITS, signal } = options
    signal?.throwIfAborted()
    const calls = await loadSystemCalls()
    const stateDirectory = openStateDirectory(options.stateDirectory)
    const name = `${fileSystem}${FOLDER_MARK}`
    const guarded = guard(() => makeVolumeFolder(stateDirectory, name, sizeBytes))
    try {
      const shared = allocateMemory(sizeBytes, limits)
      const memory = new DeviceMemory(shared)
      const script = scriptPath('power-cut/device-worker.js')
      const fuse = mountFuse(calls, imageOf(guarded.folder))
      const worker = await startWorker(script, { fuse, memory: shared, inOrder }, memory)
      // Of a file whose writes it keeps back, the kernel knows the size, and does not ask.
      if (!inOrder) truncateSync(imageOf(guarded.folder), sizeBytes)
      const path = CHILD_ENVIRONMENT.PATH ?? ''
      const build = { fileSystem, mountOptions: [], path, signal }
      const loopDevice = await attachLoopDevice(guarded, build)
      return new Device({ memory, loopDevice, fileSystem, inOrder, guarded, calls, fuse, worker })
    } catch (error) {
      await undo(guarded.folder)
      unguard(guarded)
      throw error
    }
  }

  /** Flushes that the kernel counts on this device. */
  get kernelFlushes(): number {
    const stat = readFileSync(`/sys/block/${basename(this.loopDevice)}/stat`, 'utf8')
    return Number(stat.trim().split(/\s+/)[STAT_FLUSHES])
  }

  /** Throws a `MachineError` when the device had to refuse something. */
  assertServing(): void {
    const { failure } = this.memory
    if (failure === FAILURE.none) return
    throw failure === FAILURE.logFull
      ? new MachineError(
          'BROKEN',
          `the device's log is full: it has ${this.memory.position} records`,
          'Record less at a time, or raise the limits of the device.',
        )
      : new MachineError(
          'BROKEN',
          'the worker that serves the device has died',
          'Run `pullplug doctor --clean`; if it comes again, report it.',
        )
  }

  /**
   * The pages that were written to since the last call. Only while nothing is mounted. Throws a
   * `MachineError`.
   */
  collectWrites(): Uint32Array {
    return this.#whileServing(() => {
      if (!this.#inOrder) withFile(imageOf(this.#guarded.folder), fsyncSync)
      return this.memory.takeDirtyPages()
    })
  }

  /**
   * Puts an image on the device, in place of all that it held. Only while nothing is mounted. Throws
   * a `MachineError`.
   */
  put(image: Uint8Array): void {
    this.collectWrites()
    this.memory.image.set(image)
    this.#whileServing(() => {
      writeSync(this.#fuse, forgetRange(0, image.length))
      this.#forgetBlocks()
    })
  }

  /**
   * Tells the kernel of ranges of pages whose bytes were changed in the device's memory. Throws a
   * `MachineError`.
   */
  tellChanged(ranges: Iterable<{ offsetBytes: number; sizeBytes: number }>): void {
    this.#whileServing(() => {
      for (const { offsetBytes, sizeBytes } of ranges) {
        const bytes = this.memory.image.subarray(offsetBytes, offsetBytes + sizeBytes)
        writevSync(this.#fuse, [storeRange(offsetBytes, sizeBytes), bytes])
      }
      this.#forgetBlocks()
    })
  }

  /** Mounts what the device holds now. Throws the operating system's error. */
  async mount(options: readonly string[]): Promise<void> {
    const fileSystem = this.#fileSystem
    const [flags, more] = this.#inOrder
      ? [0, []]
      : [MOUNT_FLAG.noAccessTimes, POWER_CUT_FILE_SYSTEMS[fileSystem].unflushedOptions]
    const all = [...options, ...more].join(',')
    await this.#calls.mount(this.loopDevice, this.mountPoint, fileSystem, flags, all)
  }

  async unmount(): Promise<void> {
    await this.#calls.unmount(this.mountPoint)
  }

  /** Undoes all of it; a second call does nothing. Throws a `MachineError` when something is left. */
  async remove(): Promise<void> {
    await undo(this.#guarded.folder)
    unguard(this.#guarded)
    this.#worker.ref()
    await this.#worker.terminate()
  }

  /**
   * Makes the kernel forget the blocks that it has cached, if anyone else holds the loop device open.
   * The last thing to do: who reads meanwhile fills that cache again.
   */
  #forgetBlocks(): void {
    withFile(this.loopDevice, (block) => this.#calls.control(block, BLKFLSBUF))
  }

  /** Does what the worker has to answer; says so when it can't. */
  #whileServing<T>(act: () => T): T {
    this.assertServing()
    try {
      return act()
    } catch (error) {
      this.assertServing()
      throw error
    }
  }
}
