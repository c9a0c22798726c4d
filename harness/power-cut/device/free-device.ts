import { closeSync, constants, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { MachineError } from '../../process/machine-error.ts'

/**
 * Somebody holds on to a file system that was unmounted here: by a copy of its mount in another namespace, or
 * by a file that is open there. Whoever mounts its device now gets that file system, and not what is on the
 * device.
 */
export class HeldDevice extends MachineError {
  constructor(device: string, holders: readonly string[]) {
    const who = holders.length === 0 ? 'something' : holders.join(', ')
    super(
      'BROKEN',
      `${device} is still in use after its unmount: ${who} holds it`,
      `End ${holders.length === 0 ? 'whatever uses it (fuser -m)' : 'that'}, then run \`pullplug doctor --clean\`.`,
    )
  }
}

/** Opens a block device of which no file system is mounted anywhere, else throws `EBUSY` (open(2), O_EXCL). */
export function openUnmounted(device: string): number {
  return openSync(device, constants.O_RDONLY | constants.O_EXCL)
}

/** Whether no file system of a block device is mounted, in any namespace, nor about to be undone. */
export function isFree(device: string): boolean {
  try {
    closeSync(openUnmounted(device))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false
    throw error
  }
}

const ATTEMPTS = 100
const PAUSE_MS = 10

/** Waits, a second at most, until a device is free; says whether it is. */
export async function untilFree(device: string): Promise<boolean> {
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    if (isFree(device)) return true
    await sleep(PAUSE_MS)
  }
  return isFree(device)
}
