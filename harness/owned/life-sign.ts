import { spawnSync } from 'node:child_process'
import { closeSync, constants, lstatSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'

/**
 * A pipe with a name that its maker holds open for as long as it lives. The kernel lets go of it however that
 * process ends, and tells everybody who asks, from whatever PID namespace or container.
 */
export const LIFE_SIGN = 'alive'

/** `held`: its maker lives. `dropped`: its maker is dead. `none`: there is none, or it can't be asked. */
export type LifeSign = 'held' | 'dropped' | 'none'

/** Makes it in a folder, and returns the file that holds it; null where no such pipe can be made. */
export function makeLifeSign(folder: string): number | null {
  const path = join(folder, LIFE_SIGN)
  const { status } = spawnSync('mkfifo', ['-m', '600', path], {
    env: CHILD_ENVIRONMENT,
    stdio: 'ignore',
  })
  return status === 0 ? openSync(path, constants.O_RDONLY | constants.O_NONBLOCK) : null
}

/** Asks the one in a folder. */
export function lifeSignIn(folder: string): LifeSign {
  const path = join(folder, LIFE_SIGN)
  try {
    if (!lstatSync(path).isFIFO()) return 'none'
    // Opening it for writing without waiting fails when nobody has it open for reading.
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK))
    return 'held'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENXIO' ? 'dropped' : 'none'
  }
}
