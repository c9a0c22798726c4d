import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { mountsWithin } from './mounts.ts'

const CONNECTIONS = '/sys/fs/fuse/connections'

/**
 * Cuts the FUSE connections of what is mounted in a folder (canonical), whose process is dead. A process
 * that was killed in the middle of a mount is not gone: it waits for an answer that only it could give, and
 * so does whoever touches its loop device.
 */
export function abortFuse(folder: string): void {
  for (const { fsType, minor } of mountsWithin(folder)) {
    if (fsType !== 'fuse') continue
    const abort = `${CONNECTIONS}/${minor}/abort`
    if (!existsSync(abort)) {
      const args = ['-t', 'fusectl', 'fusectl', CONNECTIONS]
      spawnSync('mount', args, { env: CHILD_ENVIRONMENT, stdio: 'ignore' })
    }
    if (existsSync(abort)) writeFileSync(abort, '1')
  }
}
