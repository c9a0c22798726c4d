import { planErrorHistory } from '../../plan/error-history.ts'
import { shuffledBy } from '../../plan/killed-history.ts'
import type { PlannedHistory } from '../../plan/planned-history.ts'
import type { DeviceErrorOrder } from '../../power-cut/device/device-errors.ts'
import type { ErrorCaseResult } from '../case-result.ts'
import {
  type ErrorSite,
  type ErrorSiteOptions,
  type ErrorSiteRow,
  type PlannedCase,
  partsOf,
} from '../error-site.ts'
import { type Keeping, makeSurely } from '../make-surely.ts'
import { orNotJudged } from '../real-case.ts'
import { countOnDevice, type DeviceScene, playDeviceCase } from './device-case.ts'
import { ErrorDevice } from './error-device.ts'
import { countReads, makeWhole, playReadCase, type WholeScene } from './read-case.ts'

const FOR_GOOD = 'for-good'

/** A round's history, what is on the device when it begins, and when all of it has been acknowledged. */
interface Round {
  number: number
  planned: PlannedHistory
  scene: DeviceScene
  whole: WholeScene
}

function orderOf(name: string): DeviceErrorOrder {
  const { kind, number, more } = partsOf(name)
  return { ask: kind as DeviceErrorOrder['ask'], number, lasts: more === FOR_GOOD }
}

function inWords(order: DeviceErrorOrder): string {
  const { ask, number, lasts } = order
  if (ask === 'read') {
    return `the ${ask} ${number} of the device in an opening of all that was acknowledged is answered EIO`
  }
  const behind = lasts ? ', and so is each behind it' : ''
  return `the ${ask} ${number} of the file system to its device is answered EIO${behind}`
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

/** One of each list after another, as long as there are any: a few reads are not to wait for hundreds of writes. */
function inTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) =>
    lists.flatMap((list) => list.slice(at, at + 1)),
  ).flat()
}

/** A device that fails a flush, a write or a read. */
class DeviceSite implements ErrorSite {
  readonly #options: ErrorSiteOptions
  readonly #device: ErrorDevice
  readonly #keeping: Keeping
  #round: Round | undefined

  constructor(options: ErrorSiteOptions, device: ErrorDevice) {
    this.#options = options
    this.#device = device
    this.#keeping = { isKept: !(options.subject.description.fresh ?? false) }
  }

  async casesOf(round: number): Promise<PlannedCase[]> {
    const { planned, scene, whole } = await this.#roundOf(round)
    const { flush, write } = await countOnDevice(scene, planned)
    const reads = await countReads(whole)
    const bothWays = (name: string): string[] => [name, `${name}-${FOR_GOOD}`]
    const names = [
      numbers(flush).flatMap((n) => bothWays(`flush-${n}`)),
      numbers(write).flatMap((n) => bothWays(`write-${n}`)),
      numbers(reads).map((n) => `read-${n}`),
    ]
    return inTurns(names.map((each) => shuffledBy(this.#options.seed, each))).map((name) => ({
      name,
      inWords: inWords(orderOf(name)),
    }))
  }

  async make(round: number, name: string): Promise<ErrorCaseResult & { what: string }> {
    const { planned, scene, whole } = await this.#roundOf(round)
    const order = orderOf(name)
    const once = (isNew: boolean): Promise<ErrorCaseResult> =>
      orNotJudged(() =>
        order.ask === 'read'
          ? playReadCase(whole, order.number, isNew)
          : playDeviceCase(scene, planned, order, isNew),
      )
    return { ...(await makeSurely(once, this.#keeping)), what: inWords(order) }
  }

  async remove(): Promise<void> {
    await this.#device.remove()
  }

  async #roundOf(number: number): Promise<Round> {
    if (this.#round?.number === number) return this.#round
    const { subject, seed } = this.#options
    const planned = planErrorHistory(subject.description.kind, seed, number)
    const image = await this.#device.prepared(planned)
    const scene = { options: this.#options, device: this.#device, image }
    const whole = await makeWhole(scene, planned)
    this.#round = { number, planned, scene, whole }
    return this.#round
  }
}

export const DEVICE_ERRORS: ErrorSiteRow = {
  kinds: ['flush', 'write', 'read'],
  isOn: (fileSystem) => fileSystem === 'ext4' || fileSystem === 'xfs',
  create: async (options) => new DeviceSite(options, await ErrorDevice.create(options)),
}
