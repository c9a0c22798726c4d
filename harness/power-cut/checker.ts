import { join } from 'node:path'
import { DEFAULT_TIMEOUT_MS } from '../kill/crew.ts'
import { Recoverer } from '../kill/recoverer-client.ts'
import type { Inspection } from '../oracle/judge.ts'
import { MachineError } from '../process/machine-error.ts'
import type { Runtime } from '../process/runtime.ts'
import { checkFiles, filesIn, NOT_MOUNTED, type StateResult, whyNotJudged } from './check-state.ts'
import { Device, type DeviceOptions } from './device.ts'
import { SUBJECT_DIRECTORY } from './record.ts'
import type { Recording } from './recording.ts'
import type { CrashState } from './state.ts'
import { View } from './view.ts'

export interface CheckerOptions extends Omit<DeviceOptions, 'inOrder'> {
  /** Reads the subject's files without the subject, if anyone can. */
  inspect?: (directory: string) => Inspection
  timeoutMs?: number
  /** What runs the subject; this Node unless given. */
  runtime?: Runtime
}

/** How a state is to be checked. */
export interface CheckRequest {
  state: CrashState
  /** Whether to recover a second time, append and reopen: the oracle in full. */
  inFull: boolean
  /** Gets the subject's files as the file system brought them back, before the subject recovers. */
  onMounted?: (files: Map<string, Buffer>) => void
}

/** A device and a kept process, which check one state of a recording after another. */
export class Checker {
  readonly device: Device
  readonly #recoverer: Recoverer
  readonly #inspect: CheckerOptions['inspect']
  #shown: { recording: Recording; view: View } | undefined

  private constructor(
    device: Device,
    { inspect, timeoutMs = DEFAULT_TIMEOUT_MS, ...options }: CheckerOptions,
  ) {
    this.device = device
    this.#inspect = inspect
    this.#recoverer = new Recoverer({ ...options, timeoutMs })
  }

  /** Makes one. Throws as `Device.create`. */
  static async create(options: CheckerOptions): Promise<Checker> {
    return new Checker(await Device.create({ ...options, inOrder: false }), options)
  }

  /**
   * Puts the state on the device, mounts it, which replays the file system's journal, lets the subject
   * recover, judges, and unmounts. Throws a `MachineError`, and what the signal was aborted with.
   */
  async check(recording: Recording, request: CheckRequest): Promise<StateResult> {
    const { device } = this
    if (this.#shown?.recording !== recording) {
      this.#shown = { recording, view: new View(device, recording) }
    }
    this.#shown.view.show(request.state)
    try {
      await device.mount(recording.mountOptions)
    } catch (error) {
      device.assertServing()
      const notJudged = `it does not mount: ${(error as Error).message}`
      return { ...NOT_MOUNTED, notJudged }
    }
    try {
      request.onMounted?.(filesIn(join(device.mountPoint, SUBJECT_DIRECTORY)))
      return await checkFiles(device.mountPoint, {
        ...request,
        recording,
        recoverer: this.#recoverer,
        inspect: this.#inspect,
      })
    } catch (error) {
      device.assertServing()
      return { ...NOT_MOUNTED, notJudged: whyNotJudged(error) }
    } finally {
      await this.#unmount()
    }
  }

  /** Ends the process and undoes the device. */
  async remove(): Promise<void> {
    await this.#recoverer.stop()
    await this.device.remove()
  }

  async #unmount(): Promise<void> {
    try {
      await this.device.unmount()
    } catch (cause) {
      throw new MachineError(
        'BROKEN',
        `a state could not be unmounted: ${(cause as Error).message}`,
        'See who uses it (fuser -m), and run `pullplug doctor --clean`.',
        { cause },
      )
    }
  }
}
