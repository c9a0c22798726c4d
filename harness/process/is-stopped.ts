import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseStat } from './stat.ts'

const stateOf = (task: string): string | undefined =>
  parseStat(readFileSync(join(task, 'stat'), 'utf8'))?.state

/**
 * Whether each thread of a process is stopped, by SIGSTOP: none does anything, or waits within a system call. False where
 * that can't be told, or the process is gone.
 */
export function isStopped(pid: number): boolean {
  const tasks = join('/proc', String(pid), 'task')
  try {
    return readdirSync(tasks).every((task) => stateOf(join(tasks, task)) === 'T')
  } catch {
    return false
  }
}
