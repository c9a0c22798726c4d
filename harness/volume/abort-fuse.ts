import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { mountsWithin } from './mounts.ts'
import { mountsElsewhere } from './other-namespaces.ts'

const CONNECTIONS = '/sys/fs/fuse/connections'

/** The FUSE connections of what is mounted in a folder (canonical), by the numbers that the kernel gave them. */
export function fuseConnectionsIn(folder: string): string[] {
  return [...mountsWithin(folder), ...mountsElsewhere(folder)]
    .filter(({ fsType }) => fsType === 'fuse')
    .map(({ minor }) => minor)
}

/**
 * Cuts FUSE connections, those that are left of them: whoever waits for an answer gets an error, and whoever
 * waits for a request hears that there will be none.
 */
export function abortConnections(connections: readonly string[]): void {
  for (const connection of connections) {
    const abort = `${CONNECTIONS}/${connection}/abort`
    if (!existsSync(abort)) {
      const args = ['-t', 'fusectl', 'fusectl', CONNECTIONS]
      spawnSync('mount', args, { env: CHILD_ENVIRONMENT, stdio: 'ignore' })
    }
    if (existsSync(abort)) writeFileSync(abort, '1')
  }
}

/**
 * Cuts the FUSE connections of what is mounted in a folder (canonical), whose process is dead. A process
 * that was killed in the middle of a mount is not gone: it waits for an answer that only it could give, and
 * so does whoever touches its loop device.
 */
export function abortFuse(folder: string): void {
  abortConnections(fuseConnectionsIn(folder))
}
