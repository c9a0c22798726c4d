import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { isInCgroup, killFileOf } from '../process/cgroup.ts'
import type { KILLED } from './trace-memory.ts'

type How = (typeof KILLED)[number]

/** The process group of a thread (the fifth field of proc_pid_stat(5)); null where there is none. */
function groupOf(thread: number | 'self'): number | null {
  try {
    const text = readFileSync(`/proc/${thread}/stat`, 'utf8')
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[2])
  } catch {
    return null
  }
}

/** Kills the subject while its request is in hand: it can't go on before that is answered. */
export class Executioner {
  readonly #cgroup: string | null
  readonly #killFile: number | null

  constructor(cgroup: string | null) {
    this.#cgroup = cgroup
    this.#killFile = cgroup === null ? null : openSync(killFileOf(cgroup), 'w')
  }

  close(): void {
    if (this.#killFile !== null) closeSync(this.#killFile)
  }

  /**
   * Kills all of the cgroup that the thread is in, else its process group; what the kernel writes back has no thread.
   * `missed` when there is nobody to kill, or only this process.
   */
  kill(threadId: number): How {
    const isSubject =
      threadId === 0 || (this.#cgroup !== null && isInCgroup(threadId, this.#cgroup))
    if (this.#killFile !== null && isSubject) {
      writeSync(this.#killFile, '1', 0)
      return 'cgroup'
    }
    const group = threadId === 0 ? null : groupOf(threadId)
    if (group === null || group === 0 || group === groupOf('self')) return 'missed'
    try {
      process.kill(-group, 'SIGKILL')
      return 'process-group'
    } catch {
      return 'missed'
    }
  }
}
