import { Device, type DeviceOptions } from './device.ts'
import { HeldDevice } from './free-device.ts'

/** How many devices may be held on to before it is told. */
const MAX_HELD = 5

/**
 * The place of a device. One that somebody holds on to is put aside until the end, and another one takes its
 * place: what is mounted next must not be what they hold.
 */
export class DeviceSlot {
  readonly #options: DeviceOptions
  readonly #held: Device[] = []
  #device: Device

  private constructor(options: DeviceOptions, device: Device) {
    this.#options = options
    this.#device = device
  }

  /** Makes it with its first device. Throws as `Device.create`. */
  static async create(options: DeviceOptions): Promise<DeviceSlot> {
    return new DeviceSlot(options, await Device.create(options))
  }

  get device(): Device {
    return this.#device
  }

  /**
   * Does something with a device that is not mounted: with this one, or with the one that takes its place
   * when somebody holds on to it. Throws as `act` does, and as `Device.create`.
   */
  async whileFree<T>(act: (device: Device) => T): Promise<T> {
    for (;;) {
      try {
        return act(this.#device)
      } catch (error) {
        await this.#replace(error)
      }
    }
  }

  /** Unmounts the device, or puts it aside. Throws as `Device.unmount` and `Device.create`. */
  async unmount(onBusy: () => Promise<void>): Promise<void> {
    try {
      await this.#device.unmount(onBusy)
    } catch (error) {
      await this.#replace(error)
    }
  }

  /** Undoes all of its devices. Throws a `MachineError` when something is left. */
  async remove(): Promise<void> {
    const removals = [...this.#held, this.#device].map((device) => device.remove())
    for (const each of await Promise.allSettled(removals)) {
      if (each.status === 'rejected') throw each.reason
    }
  }

  /** Throws what says nothing of a device that is held, and that one too when there are too many. */
  async #replace(error: unknown): Promise<void> {
    if (!(error instanceof HeldDevice) || this.#held.length === MAX_HELD) throw error
    const device = await Device.create(this.#options)
    this.#held.push(this.#device)
    this.#device = device
  }
}
