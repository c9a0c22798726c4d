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
import { RECORDING_LIMITS } from '../../crash-states/recording-limits.ts'
import { CHILD_ENVIRONMENT } from '../../process/environment.ts'
import { MachineError } from '../../process/machine-error.ts'
import { type MountNamespace, namedOutside } from '../../process/namespace.ts'
import { loadSystemCalls, MOUNT_FLAG, type SystemCalls } from '../../process/system-calls.ts'
import { mounterAfterPowerCut } from '../../volume/after-power-cut.ts'
import { type Guarded, guard, unguard } from '../../volume/at-exit.ts'
import { attachLoopDevice } from '../../volume/build.ts'
import type { FileSystemName } from '../../volume/file-systems/index.ts'
import { FILE_SYSTEMS } from '../../volume/file-systems/index.ts'
import type { Mounter } from '../../volume/mounter.ts'
import { openStateDirectory } from '../../volume/state-directory.ts'
import { undo } from '../../volume/undo.ts'
import { imageOf, makeVolumeFolder, mountPointOf } from '../../volume/volume-folder.ts'
import { allocateMemory, type DeviceLimits, type DeviceMemory, FAILURE } from './device-memory.ts'
import { FileServer } from './file-server.ts'
import { openUnmounted } from './free-device.ts'
import { forgetRange, storeRange } from './fuse.ts'
import { heldDevice, type MountedDevice, unmountDevice } from './unmount-device.ts'

export interface DeviceOptions {
  fileSystem: FileSystemName
  sizeBytes: number
  /**
   * Whether each write and flush reaches the device at once and in order, as recording needs it. Where
   * not, the kernel keeps writes back until they are collected, and ext4 flushes nothing: that is faster.
   */
  inOrder: boolean
  /** Whether the kernel may read more of it than a file system asks for; it may unless given. */
  readsAhead?: boolean
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

/** Opens a file for one thing only: what is held open can't be detached by an exit handler. */
function withFile(file: number, act: (file: number) => void): void {
  try {
    act(file)
  } finally {
    closeSync(file)
  }
}

interface Parts {
  fileSystem: FileSystemName
  inOrder: boolean
  guarded: Guarded
  calls: SystemCalls
  server: FileServer
  mounter: Mounter
}

/**
 * A block device whose disk is this process's memory: a loop device on one file, which a worker serves
 * over FUSE. It can record what is written to it, and be given any content while it is not mounted. What it
 * holds is mounted where nobody else sees it.
 */
export class Device {
  readonly loopDevice: string
  readonly #parts: Parts

  private constructor(loopDevice: string, parts: Parts) {
    this.loopDevice = loopDevice
    this.#parts = parts
  }

  /**
   * Makes a device. Like a volume, it is undone whatever happens to this process. Throws a
   * `MachineError`, and what `signal` was aborted with.
   */
  static async create(options: DeviceOptions): Promise<Device> {
    const { fileSystem, sizeBytes, inOrder, readsAhead = true, signal } = options
    const { limits = RECORDING_LIMITS } = options
    signal?.throwIfAborted()
    const calls = await loadSystemCalls()
    const stateDirectory = openStateDirectory(options.stateDirectory)
    const name = `${fileSystem}${FOLDER_MARK}`
    const guarded = guard(() => makeVolumeFolder(stateDirectory, name, sizeBytes))
    const { folder } = guarded
    const image = imageOf(folder)
    let mounter: Mounter | undefined
    try {
      // Before there is anything that it would take a copy of.
      mounter = await mounterAfterPowerCut(folder)
      guarded.namespace = mounter.namespace
      const server = await FileServer.start(calls, image, allocateMemory(sizeBytes, limits), {
        inOrder,
        readsAhead,
      })
      // Of a file whose writes it keeps back, the kernel knows the size, and does not ask.
      if (!inOrder) truncateSync(image, sizeBytes)
      const path = CHILD_ENVIRONMENT.PATH ?? ''
      const build = { fileSystem, mountOptions: [], path, signal }
      const loopDevice = await attachLoopDevice(guarded, build)
      return new Device(loopDevice, { fileSystem, inOrder, guarded, calls, server, mounter })
    } catch (error) {
      await undo(folder, guarded.namespace)
      unguard(guarded)
      await mounter?.end()
      throw error
    }
  }

  /** What the disk holds, and what was recorded of it. */
  get memory(): DeviceMemory {
    return this.#parts.server.memory
  }

  /** Where it is mounted: children that are to see it there must be started in this namespace. */
  get namespace(): MountNamespace {
    return this.#parts.mounter.namespace
  }

  /** Where this process finds what is mounted. */
  get mountPoint(): string {
    return namedOutside(this.namespace, mountPointOf(this.#folder))
  }

  get #folder(): string {
    return this.#parts.guarded.folder
  }

  get #mounted(): MountedDevice {
    const { loopDevice } = this
    return { loopDevice, mountPoint: mountPointOf(this.#folder), mounter: this.#parts.mounter }
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
          `the device's log is full: it has ${this.memory.position} requests`,
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
      if (!this.#parts.inOrder) withFile(openSync(imageOf(this.#folder), 'r'), fsyncSync)
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
      writeSync(this.#parts.server.fuse, forgetRange(0, image.length))
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
        writevSync(this.#parts.server.fuse, [storeRange(offsetBytes, sizeBytes), bytes])
      }
      this.#forgetBlocks()
    })
  }

  /** Mounts what the device holds now. Throws the operating system's error, or a `MachineError`. */
  async mount(options: readonly string[]): Promise<void> {
    const { fileSystem, inOrder, mounter } = this.#parts
    const [flags, more] = inOrder
      ? [0, []]
      : [MOUNT_FLAG.noAccessTimes, FILE_SYSTEMS[fileSystem].powerCut.unflushedOptions]
    const all = [...options, ...more].join(',')
    await mounter.mount(this.loopDevice, mountPointOf(this.#folder), fileSystem, flags, all)
  }

  /**
   * Unmounts it, and returns once no file system of the device is alive. While a file there is in use,
   * `onBusy` is called once and it is tried again. Throws `HeldDevice` when somebody holds on to it: then
   * the device can only be removed.
   */
  async unmount(onBusy?: () => Promise<void>): Promise<void> {
    await unmountDevice(this.#mounted, onBusy)
  }

  /** Undoes all of it; a second call does nothing. Throws a `MachineError` when something is left. */
  async remove(): Promise<void> {
    const { guarded, server, mounter } = this.#parts
    await undo(guarded.folder, guarded.namespace)
    unguard(guarded)
    await mounter.end()
    await server.end()
  }

  /**
   * Makes the kernel forget the blocks that it has cached, if anyone else holds the loop device open.
   * The last thing to do: who reads meanwhile fills that cache again. Throws `HeldDevice` when a file
   * system of the device is mounted.
   */
  #forgetBlocks(): void {
    let block: number
    try {
      block = openUnmounted(this.loopDevice)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EBUSY') throw heldDevice(this.#mounted)
      throw error
    }
    withFile(block, (file) => this.#parts.calls.control(file, BLKFLSBUF))
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
