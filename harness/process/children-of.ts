import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The processes that the threads of a process have started and not yet seen end, by their ids; null where that can't be
 * told (proc_pid_task_children(5), CONFIG_PROC_CHILDREN), or the process is gone.
 */
export function childrenOf(pid: number): number[] | null {
  const tasks = join('/proc', String(pid), 'task')
  try {
    return readdirSync(tasks).flatMap((task) =>
      readFileSync(join(tasks, task, 'children'), 'utf8')
        .split(' ')
        .filter(Boolean)
        .map(Number),
    )
  } catch {
    return null
  }
}
