import { setTimeout as sleep } from 'node:timers/promises'
import { MachineError } from '../../process/machine-error.ts'
import { UNMOUNT_FLAG } from '../../process/system-calls.ts'
import { holdersOf } from '../../volume/holders.ts'
import type { Mounter } from '../../volume/mounter.ts'
import { HeldDevice, untilFree } from './free-device.ts'

/** A device, where it is mounted, and what has mounted it. */
export interface MountedDevice {
  loopDevice: string
  mountPoint: string
  mounter: Mounter
}

const BUSY_ATTEMPTS = 100
const BUSY_PAUSE_MS = 10

/** That somebody holds on to a device, and who. */
export function heldDevice({ loopDevice, mountPoint }: MountedDevice): HeldDevice {
  const holders = holdersOf(mountPoint)
  return new HeldDevice(
    loopDevice,
    holders.map(({ pid, name }) => `process ${pid} (${name})`),
  )
}

async function tryToUnmount({ loopDevice, mountPoint, mounter }: MountedDevice): Promise<boolean> {
  try {
    await mounter.unmount(mountPoint)
    return true
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EBUSY') return false
    throw new MachineError(
      'BROKEN',
      `${loopDevice} could not be unmounted: ${message}`,
      'See the kernel’s log (dmesg), and run `pullplug doctor --clean`.',
      { cause: error },
    )
  }
}

/**
 * Unmounts a device, and returns once no file system of it is alive. While a file there is in use, `onBusy` is called
 * once and it is tried again. Throws `HeldDevice` when somebody holds on to it, and a `MachineError`.
 */
export async function unmountDevice(
  mounted: MountedDevice,
  onBusy?: () => Promise<void>,
): Promise<void> {
  for (let attempt = 1; !(await tryToUnmount(mounted)); attempt++) {
    if (attempt === 1) await onBusy?.()
    if (attempt === BUSY_ATTEMPTS) {
      const held = heldDevice(mounted)
      // With its name gone, nobody new can take hold of it.
      await mounted.mounter.unmount(mounted.mountPoint, UNMOUNT_FLAG.detach)
      throw held
    }
    await sleep(BUSY_PAUSE_MS)
  }
  if (!(await untilFree(mounted.loopDevice))) throw heldDevice(mounted)
}
