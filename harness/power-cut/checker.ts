import { join } from 'node:path'
import type { Recording } from '../crash-states/recording.ts'
import type { CrashState } from '../crash-states/state.ts'
import { digestOfFiles, filesIn } from '../files/files-in.ts'
import { DEFAULT_TIMEOUT_MS } from '../process/default-timeout.ts'
import { MachineError } from '../process/machine-error.ts'
import type { Runtime } from '../process/runtime.ts'
import { NOT_MOUNTED, type StateResult, whyNotJudged } from './check-state.ts'
import type { Device, DeviceOptions } from './device/device.ts'
import { DeviceSlot } from './device/device-slot.ts'
import { SUBJECT_DIRECTORY } from './record.ts'
import type { JudgeRequest, StateJudge, SubjectHost } from './subject-host.ts'
import { View } from './view.ts'

export interface CheckerOptions extends Omit<DeviceOptions, 'inOrder'> {
  host: SubjectHost
  timeoutMs?: number
  /** What runs the subject; this Node unless given. */
  runtime?: Runtime
}

/** How a state is to be checked. */
export interface CheckRequest extends Omit<JudgeRequest, 'recording'> {
  /** Gets the subject's files as the file system brought them back, before the subject recovers. */
  onMounted?: (files: ReadonlyMap<string, Uint8Array>) => void
}

/** A device and a kept process, which check one state of a recording after another. */
export class Checker {
  readonly #slot: DeviceSlot
  readonly #options: CheckerOptions
  /** In the namespace of its device. */
  #kept: { device: Device; judge: StateJudge } | undefined
  #shown: { device: Device; recording: Recording; view: View } | undefined

  private constructor(slot: DeviceSlot, options: CheckerOptions) {
    this.#slot = slot
    this.#options = options
  }

  /** Makes one. Throws as `Device.create`. */
  static async create(options: CheckerOptions): Promise<Checker> {
    return new Checker(await DeviceSlot.create({ ...options, inOrder: false }), options)
  }

  /**
   * Puts the state on the device, mounts it, which replays the file system's journal, lets the subject
   * recover, judges, and unmounts. Whatever the file system answers to a look at the state makes it one that
   * could not be judged. Throws a `MachineError`, and what the signal was aborted with.
   */
  async check(recording: Recording, request: CheckRequest): Promise<StateResult> {
    const device = await this.#slot.whileFree((free) => this.#show(free, recording, request.state))
    const judge = await this.#judgeOn(device)
    try {
      await device.mount(recording.mountOptions)
    } catch (error) {
      device.assertServing()
      if (error instanceof MachineError) throw error
      return { ...NOT_MOUNTED, notJudged: `it does not mount: ${(error as Error).message}` }
    }
    try {
      const files = filesIn(join(device.mountPoint, SUBJECT_DIRECTORY))
      request.onMounted?.(files)
      const result = await judge.judge(device.mountPoint, { ...request, recording })
      return { ...result, contents: digestOfFiles(files) }
    } catch (error) {
      device.assertServing()
      return { ...NOT_MOUNTED, notJudged: whyNotJudged(error) }
    } finally {
      // A process that was given up may have files open there, and a subject may have left one open.
      await this.#slot.unmount(() => judge.stop())
    }
  }

  /** Ends the process and undoes the device. */
  async remove(): Promise<void> {
    await this.#kept?.judge.stop()
    await this.#slot.remove()
  }

  #show(device: Device, recording: Recording, state: CrashState): Device {
    if (this.#shown?.device !== device || this.#shown.recording !== recording) {
      this.#shown = { device, recording, view: new View(device, recording) }
    }
    this.#shown.view.show(state)
    return device
  }

  async #judgeOn(device: Device): Promise<StateJudge> {
    if (this.#kept?.device !== device) {
      await this.#kept?.judge.stop()
      const { timeoutMs = DEFAULT_TIMEOUT_MS, host, signal, runtime } = this.#options
      const { namespace } = device
      const judge = host.judgeWith({ timeoutMs, signal, runtime, namespace })
      this.#kept = { device, judge }
    }
    return this.#kept.judge
  }
}
