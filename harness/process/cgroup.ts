import { accessSync, constants, existsSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { killSync } from './kill-sync.ts'

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Where the hierarchy of cgroup v2 is mounted, as a line of mountinfo says (proc_pid_mountinfo(5)). */
function mountPoint(): string | null {
  for (const line of textOf('/proc/self/mountinfo').split('\n')) {
    const [before = '', after = ''] = line.split(' - ')
    if (after.startsWith('cgroup2 ')) return before.split(' ')[4] ?? null
  }
  return null
}

/** The file that kills all of a group, which a directory of the hierarchy has on Linux 5.14 (cgroup-v2.rst). */
const KILL = 'cgroup.kill'

function isUsable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return existsSync(join(directory, 'cgroup.procs'))
  } catch {
    return false
  }
}

/**
 * A directory below which a group of processes can be made, that of this process where possible; null where there is
 * none (no cgroup v2, or one that may not be written to).
 */
export function cgroupParent(): string | null {
  const root = mountPoint()
  if (root === null) return null
  const own = /^0::(\/.*)$/m.exec(textOf('/proc/self/cgroup'))?.[1] ?? '/'
  return [join(root, own), root].find(isUsable) ?? null
}

/** The file to which `1` is written to kill all processes of a group, threads and those that have left for other sessions. */
export const killFileOf = (cgroup: string): string => join(cgroup, KILL)

/** The processes in a group, by their ids here; one that has ended is none. */
export function processesIn(cgroup: string): number[] {
  return textOf(join(cgroup, 'cgroup.procs')).split('\n').filter(Boolean).map(Number)
}

/** Whether a process or thread is in a group. */
export function isInCgroup(threadId: number, cgroup: string): boolean {
  const path = /^0::(\/.*)$/m.exec(textOf(`/proc/${threadId}/cgroup`))?.[1]
  return path !== undefined && (cgroup === path || cgroup.endsWith(path))
}

/** A command whose process is born into a group, under the id that it is started with, and begins in `folder`. */
export function commandInCgroup(
  cgroup: string | null,
  folder: string,
  command: readonly [string, ...string[]],
): [string, ...string[]] {
  if (cgroup === null) return ['sh', '-c', 'cd "$0" && exec "$@"', folder, ...command]
  // One shell for both, since each one that is started costs a millisecond.
  const both = 'echo $$ > "$0/cgroup.procs" && cd "$1" && shift && exec "$@"'
  return ['sh', '-c', both, cgroup, folder, ...command]
}

/** Kills all that is in a group, without waiting. One that is gone is fine. */
export function killCgroup(cgroup: string): void {
  try {
    if (existsSync(killFileOf(cgroup))) writeFileSync(killFileOf(cgroup), '1')
    else killSync(processesIn(cgroup))
  } catch {
    // It was removed meanwhile.
  }
}

/** Removes a group, and says whether it is gone: while a process of it is there, it stays, and what is in it is killed. */
export function removeCgroup(cgroup: string): boolean {
  try {
    rmdirSync(cgroup)
  } catch {
    killCgroup(cgroup)
  }
  return !existsSync(cgroup)
}
