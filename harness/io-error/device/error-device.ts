import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { playHistory } from '../../observed/play-history.ts'
import { CannotJudge } from '../../oracle/cannot-judge.ts'
import type { PlannedHistory } from '../../plan/planned-history.ts'
import type { Device } from '../../power-cut/device/device.ts'
import type { DeviceErrors } from '../../power-cut/device/device-errors.ts'
import { NO_LOG } from '../../power-cut/device/device-memory.ts'
import { DeviceSlot } from '../../power-cut/device/device-slot.ts'
import { makeTemplate, type Template } from '../../power-cut/template.ts'
import { MachineError } from '../../process/machine-error.ts'
import { type MountNamespace, namedInside } from '../../process/namespace.ts'
import { assertUsable } from '../../subject/assert-usable.ts'
import { Conversation } from '../../subject/conversation.ts'
import type { DescribedSubject } from '../../subject/description.ts'
import { Talker } from '../../subject/see-recovery.ts'
import { setUp } from '../../subject/set-up.ts'
import { speakerOf } from '../../subject/speak.ts'
import type { FileSystemName } from '../../volume/file-systems/index.ts'
import { ANSWER_MS } from '../answer-ms.ts'
import { repairedByE2fsck } from './repair.ts'

export interface ErrorDeviceOptions {
  subject: DescribedSubject
  fileSystem: FileSystemName
  stateDirectory?: string
  signal?: AbortSignal | undefined
}

/** The subject's directory on the volume. */
export const FOLDER = 'subject'

/** Beside those that every mount has: what Debian's and others' tables of mounts say for ext4. */
const MORE_MOUNT_OPTIONS: Partial<Record<FileSystemName, readonly string[]>> = {
  ext4: ['errors=remount-ro'],
}

/** The options of every mount of a file system whose device fails. */
export function mountOptionsOf({ fileSystem, mountOptions }: Template): string[] {
  return [...mountOptions, ...(MORE_MOUNT_OPTIONS[fileSystem] ?? [])]
}

/** A device that gives errors, what is mounted of it, and the subject's processes there. */
export class ErrorDevice {
  readonly template: Template
  /** The processes that play histories, and those that recover; each kept where the subject allows it. */
  readonly writer: Talker
  readonly reader: Talker
  readonly #slot: DeviceSlot
  readonly #options: ErrorDeviceOptions
  /** The device in whose namespace the processes are. */
  #home: Device

  private constructor(slot: DeviceSlot, template: Template, options: ErrorDeviceOptions) {
    this.#slot = slot
    this.#home = slot.device
    this.#options = options
    this.template = template
    this.writer = this.newTalker()
    this.reader = this.newTalker()
  }

  /** Makes one. Throws as `makeTemplate` and `Device.create`. */
  static async create(options: ErrorDeviceOptions): Promise<ErrorDevice> {
    const { fileSystem, subject, stateDirectory, signal } = options
    const { volumeBytes } = subject.description
    const place = {
      ...(stateDirectory === undefined ? {} : { stateDirectory }),
      ...(signal === undefined ? {} : { signal }),
    }
    const sized = volumeBytes === undefined ? {} : { sizeBytes: volumeBytes }
    const template = await makeTemplate({ fileSystem, ...sized, ...place })
    const slot = await DeviceSlot.create({
      fileSystem,
      sizeBytes: template.image.length,
      inOrder: true,
      // Else a mount would bring blocks of the subject's along, and its own reads would be none of the device's.
      readsAhead: false,
      limits: NO_LOG,
      ...place,
    })
    return new ErrorDevice(slot, template, options)
  }

  get #device(): Device {
    return this.#slot.device
  }

  /** The errors that it is ordered to give. */
  get errors(): DeviceErrors {
    return this.#device.memory.errors
  }

  /** The subject's directory, for this process. */
  get directory(): string {
    return join(this.#device.mountPoint, FOLDER)
  }

  /** The same as the subject finds it. */
  get directoryInside(): string {
    return namedInside(this.#device.namespace, this.directory)
  }

  /** Whether the file system that is mounted was shut down, or takes no more changes, by an error. */
  get isBroken(): boolean {
    try {
      assertUsable(this.#device.mountPoint)
      return false
    } catch (error) {
      if (!(error instanceof CannotJudge)) throw error
      return true
    }
  }

  /** Other processes than those that are kept; of the namespace where the device is mounted unless given. */
  newTalker(namespace?: MountNamespace): Talker {
    const { fresh = false } = this.#options.subject.description
    return new Talker(fresh, () => this.#start(namespace ?? this.#device.namespace))
  }

  /** Puts an image on the device and mounts it, without any error. Throws `CannotJudge`, and a `MachineError`. */
  async mount(image: Uint8Array): Promise<void> {
    const device = await this.#slot.whileFree((free) => {
      free.memory.errors.lift()
      free.put(image)
      return free
    })
    if (device !== this.#home) await this.stop()
    this.#home = device
    try {
      await device.mount(mountOptionsOf(this.template))
    } catch (error) {
      device.assertServing()
      if (error instanceof MachineError) throw error
      throw new CannotJudge(`it does not mount: ${(error as Error).message}`, { cause: error })
    }
  }

  /**
   * Mounts what an error left, which replays the journal; where it does not mount, after e2fsck on ext4. Throws
   * `CannotJudge` where that does not help, and a `MachineError`.
   */
  async mountRepaired(image: Uint8Array): Promise<void> {
    try {
      await this.mount(image)
    } catch (error) {
      if (!(error instanceof CannotJudge)) throw error
      const isExt4 = this.template.fileSystem === 'ext4'
      const repaired = isExt4 ? await repairedByE2fsck(image, this.#options) : image
      if (repaired === null) throw new CannotJudge(`${error.message}, nor does e2fsck correct it`)
      await this.mount(repaired)
    }
  }

  /**
   * Unmounts it, with whatever error is still ordered, and returns what the device holds then: its own memory, until
   * the next mount. Throws `CannotJudge` where somebody held on to it, and a `MachineError`.
   */
  async unmount(): Promise<Uint8Array> {
    const device = this.#device
    try {
      await this.#slot.unmount(() => this.stop())
    } finally {
      device.memory.errors.lift()
    }
    device.assertServing()
    if (this.#device !== device) throw new CannotJudge('somebody held on to its device')
    return device.memory.image
  }

  /** Mounts an image, lets `use` work there, and unmounts it whatever comes. Throws as each of them does. */
  async whileMounted<T>(image: Uint8Array, use: () => Promise<T>): Promise<[T, Uint8Array]> {
    await this.mount(image)
    return await this.#thenUnmounted(use)
  }

  /** The same of what an error left, as `mountRepaired` mounts it. */
  async whileRepaired<T>(image: Uint8Array, use: () => Promise<T>): Promise<T> {
    await this.mountRepaired(image)
    const [used] = await this.#thenUnmounted(use)
    return used
  }

  /**
   * The image of a volume with the subject's directory as it is when a history begins. Throws `CannotJudge` where the
   * subject does not even open, and as `setUp`.
   */
  async prepared({ madeLongAgo }: Pick<PlannedHistory, 'madeLongAgo'>): Promise<Uint8Array> {
    const [, image] = await this.whileMounted(this.template.image, async () => {
      mkdirSync(this.directory)
      await setUp(this.#options.subject, this.directory, this.#device.namespace)
      if (!madeLongAgo) return
      const empty = { round: 0, madeLongAgo, sessions: [[]] }
      const talk = await this.reader.talk()
      const { refused, broke } = await playHistory(talk, empty, this.directoryInside)
      const problem = refused ?? broke?.detail ?? null
      if (problem !== null) throw new CannotJudge(`before any error, ${problem}`)
    })
    return new Uint8Array(image)
  }

  /** Ends the processes; the next ones are new. */
  async stop(): Promise<void> {
    await this.writer.stop()
    await this.reader.stop()
  }

  /** Ends the processes and undoes the device. */
  async remove(): Promise<void> {
    this.errors.lift()
    await this.stop()
    await this.#slot.remove()
  }

  async #thenUnmounted<T>(use: () => Promise<T>): Promise<[T, Uint8Array]> {
    let used: T
    try {
      used = await use()
    } catch (error) {
      // A process that waits for what the device never did is not to be waited for.
      this.errors.lift()
      await this.stop()
      await this.unmount()
      throw error
    }
    return [used, await this.unmount()]
  }

  async #start(namespace: MountNamespace): Promise<Conversation> {
    const { subject, signal } = this.#options
    const { kind, timeoutMs = ANSWER_MS } = subject.description
    return await Conversation.start(speakerOf(subject, namespace), { kind, timeoutMs, signal })
  }
}
