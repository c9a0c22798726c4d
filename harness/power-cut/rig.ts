import { availableParallelism } from 'node:os'
import type { Recording } from '../crash-states/recording.ts'
import { excessOf, RECORDING_LIMITS } from '../crash-states/recording-limits.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { ChangeRange } from '../plan/part-of-history.ts'
import { DEFAULT_TIMEOUT_MS } from '../process/default-timeout.ts'
import type { MountNamespace } from '../process/namespace.ts'
import { findLeftovers, removeLeftover } from '../volume/leftovers.ts'
import type { StateResult } from './check-state.ts'
import { Checker, type CheckerOptions, type CheckRequest } from './checker.ts'
import { confirmState, type JudgedState, secondLooksAt } from './confirm-state.ts'
import { isDeviceFolder } from './device/device.ts'
import { WIDE_LIMITS } from './device/device-memory.ts'
import { DeviceSlot } from './device/device-slot.ts'
import { type RecordedPlan, record } from './record.ts'
import type { RecordedWriter } from './subject-host.ts'
import { makeTemplate, type Template, type TemplateOptions } from './template.ts'

export interface RigOptions
  extends TemplateOptions,
    Pick<CheckerOptions, 'host' | 'timeoutMs' | 'runtime'> {
  /** How many states are checked at once; one more than there are processors unless given. */
  lanes?: number
}

/** Whether more states are checked: no others, those that were begun together, or all. */
export type GoOn = 'enough' | 'this batch' | 'more'

/** So many states are taken at a time, in the order of their positions, so that little is redone. */
const BATCH = 16

/**
 * Removes what killed runs left of their devices: whoever touches such a loop device waits for a process
 * that is dead. What can't be removed is left to `pullplug doctor`.
 */
async function removeDeadDevices(stateDirectory: string | undefined): Promise<void> {
  for (const leftover of await findLeftovers(stateDirectory)) {
    if (isDeviceFolder(leftover.directory)) await removeLeftover(leftover).catch(() => {})
  }
}

/** All that a cell cuts the power of: a template, a device that records, and checkers side by side. */
export class Rig {
  readonly template: Template
  readonly #options: RigOptions
  readonly #recorder: DeviceSlot
  readonly #checkers: Checker[]
  #writer: RecordedWriter | undefined

  private constructor(
    template: Template,
    options: RigOptions,
    recorder: DeviceSlot,
    checkers: Checker[],
  ) {
    this.template = template
    this.#options = options
    this.#recorder = recorder
    this.#checkers = checkers
  }

  /** Makes one. Throws a `MachineError`, and what the signal was aborted with. */
  static async create(options: RigOptions): Promise<Rig> {
    const { fileSystem, lanes = availableParallelism() + 1, stateDirectory, signal } = options
    await removeDeadDevices(stateDirectory)
    const template = await makeTemplate(options)
    const device = {
      fileSystem,
      sizeBytes: template.image.length,
      ...(stateDirectory === undefined ? {} : { stateDirectory }),
      ...(signal === undefined ? {} : { signal }),
    }
    const made: { remove(): Promise<void> }[] = []
    const keep = <T extends { remove(): Promise<void> }>(one: T): T => {
      made.push(one)
      return one
    }
    try {
      const limits = options.host.keepsRecordings ? RECORDING_LIMITS : WIDE_LIMITS
      const recorder = keep(await DeviceSlot.create({ ...device, limits, inOrder: true }))
      const checkers: Checker[] = []
      for (let lane = 1; lane <= lanes; lane++) {
        checkers.push(keep(await Checker.create({ ...options, ...device })))
      }
      return new Rig(template, options, recorder, checkers)
    } catch (error) {
      for (const one of made) await one.remove()
      throw error
    }
  }

  /** What the `round`-th recording of a seed holds (counted from 1), or one of some of its changes alone. */
  planOf(seed: number, round: number, range: ChangeRange | null = null): RecordedPlan {
    return this.#options.host.planOf(seed, round, range)
  }

  /** Records a subject; `template` with other mount options, if given. Throws as `record`. */
  async record(subject: string, plan: RecordedPlan, template = this.template): Promise<Recording> {
    const { setUp, keepsWriter } = this.#options.host
    try {
      const writerIn = (namespace: MountNamespace) => this.#writerIn(namespace)
      return await record(this.#recorder, template, { subject, plan, writerIn, setUp })
    } finally {
      if (!keepsWriter) await this.#writer?.stop()
    }
  }

  /**
   * Throws `CannotJudge` where recordings are kept as files and this one is larger than one that is read again.
   * A control's is not kept.
   */
  assertCanBeKept(recording: Recording): void {
    const excess = this.#options.host.keepsRecordings ? excessOf(recording) : null
    if (excess !== null) throw new CannotJudge(`the recording cannot be kept, for it has ${excess}`)
  }

  /**
   * Checks states of a recording, a batch of them a lane at a time. Returns when `onResult` says that it is
   * `enough`: at once; or after `this batch`, so that those checked are the first ones. Throws as
   * `Checker.check`.
   */
  async checkAll<R extends CheckRequest>(
    recording: Recording,
    requests: R[],
    onResult: (request: R, result: StateResult) => GoOn | Promise<GoOn>,
  ): Promise<void> {
    let taken = 0
    let enough = false
    let lastBatch = false
    const lane = async (checker: Checker): Promise<void> => {
      while (!enough && !lastBatch && taken < requests.length) {
        const batch = requests.slice(taken, taken + BATCH)
        taken += batch.length
        batch.sort((a, b) => a.state.epoch.fromPosition - b.state.epoch.fromPosition)
        for (const request of batch) {
          if (enough) return
          const result = await checker.check(recording, request)
          const goOn = await onResult(request, result)
          if (goOn === 'enough') enough = true
          else if (goOn === 'this batch') lastBatch = true
        }
      }
    }
    const lanes = await Promise.allSettled(
      this.#checkers.map((checker) =>
        lane(checker).catch((error) => {
          enough = true
          throw error
        }),
      ),
    )
    for (const each of lanes) if (each.status === 'rejected') throw each.reason
  }

  /** Judges a state again in which a failure was found. Throws as `confirmState`. */
  async confirm(
    recording: Recording,
    request: CheckRequest,
    first: StateResult,
    ways = secondLooksAt(recording),
  ): Promise<JudgedState> {
    return await confirmState(recording, request, first, ways, this.#options)
  }

  /** Ends the processes and undoes the devices. */
  async remove(): Promise<void> {
    await this.#writer?.stop()
    const removals = [this.#recorder, ...this.#checkers].map((each) => each.remove())
    for (const each of await Promise.allSettled(removals)) {
      if (each.status === 'rejected') throw each.reason
    }
  }

  async #writerIn(namespace: MountNamespace): Promise<RecordedWriter> {
    if (this.#writer?.namespace !== namespace || this.#writer.hasEnded) {
      await this.#writer?.stop()
      const { timeoutMs = DEFAULT_TIMEOUT_MS, signal, runtime, host } = this.#options
      this.#writer = await host.startWriter({ timeoutMs, signal, runtime, namespace })
    }
    return this.#writer
  }
}
