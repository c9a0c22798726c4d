import { isThere, ownerWithPid } from './owner.ts'
import { pauseSync } from './pause-sync.ts'

const PAUSE_MS = 5
const ATTEMPTS = 400

/**
 * Sends SIGKILL to processes and waits, two seconds at most, until they are gone, without giving way to
 * anything else. One that is gone already is fine.
 */
export function killSync(pids: Iterable<number>): void {
  const owners = [...pids].map(ownerWithPid)
  for (const { pid } of owners) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {}
  }
  for (let attempt = 0; attempt < ATTEMPTS && owners.some(isThere); attempt++) pauseSync(PAUSE_MS)
}
