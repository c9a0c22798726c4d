import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { allProcesses, pidOf, procNumberOf } from '../process/namespaces.ts'
import { statOf } from '../process/stat.ts'
import { isWithin, parseMountinfo } from './mounts.ts'

/** A process because of which something can't be unmounted. */
export interface Holder {
  /** Its number here; null for one of a PID namespace in which this process can reach nobody. */
  pid: number | null
  /** Such as `node`. */
  name: string
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function holds(process: string, folder: string): boolean {
  const links = [
    ...['cwd', 'root', 'exe'].map((name) => `${process}/${name}`),
    ...namesIn(`${process}/fd`).map((name) => `${process}/fd/${name}`),
  ]
  // Links are only read and never followed: a stat could wait for a disk that has ceased to answer.
  if (links.some((link) => isWithin(folder, linkOf(link)))) return true
  // A mount namespace that was made meanwhile has a copy of every mount.
  const namespace = linkOf(`${process}/ns/mnt`)
  if (namespace === '' || namespace === linkOf('/proc/self/ns/mnt')) return false
  return parseMountinfo(textOf(`${process}/mountinfo`)).some((mount) =>
    isWithin(folder, mount.mountPoint),
  )
}

/** The processes that hold a folder (canonical): a file or directory there, or a copy of a mount. */
export function holdersOf(folder: string): Holder[] {
  return allProcesses()
    .filter((number) => holds(`/proc/${number}`, folder))
    .map((number) => ({
      pid: pidOf(number),
      name: textOf(`/proc/${number}/comm`).trimEnd(),
    }))
}

/** Whether a process was started by this one, or by one that this one started. */
export function isDescendant(pid: number): boolean {
  const own = procNumberOf(process.pid)
  const number = procNumberOf(pid)
  if (own === null || number === null) return false
  for (let at = statOf(number)?.parentPid ?? 0; at > 0; at = statOf(at)?.parentPid ?? 0) {
    if (at === own) return true
  }
  return false
}
