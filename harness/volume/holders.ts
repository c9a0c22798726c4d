import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { statOf } from '../process/stat.ts'
import { isWithin, parseMountinfo } from './mounts.ts'

/** A process because of which something can't be unmounted. */
export interface Holder {
  pid: number
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

function holds(process: string, mountPoint: string): boolean {
  const links = [
    ...['cwd', 'root', 'exe'].map((name) => `${process}/${name}`),
    ...namesIn(`${process}/fd`).map((name) => `${process}/fd/${name}`),
  ]
  // Links are only read and never followed: a stat could wait for a disk that has ceased to answer.
  if (links.some((link) => isWithin(mountPoint, linkOf(link)))) return true
  // A mount namespace that was made meanwhile has a copy of every mount.
  const namespace = linkOf(`${process}/ns/mnt`)
  if (namespace === '' || namespace === linkOf('/proc/self/ns/mnt')) return false
  return parseMountinfo(textOf(`${process}/mountinfo`)).some((mount) =>
    isWithin(mountPoint, mount.mountPoint),
  )
}

/** The processes that hold a mount point (canonical): a file or directory there, or a copy of the mount. */
export function holdersOf(mountPoint: string): Holder[] {
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name) && holds(`/proc/${name}`, mountPoint))
    .map((name) => ({ pid: Number(name), name: textOf(`/proc/${name}/comm`).trimEnd() }))
}

/** Whether a process was started by this one, or by one that this one started. */
export function isDescendant(pid: number): boolean {
  for (let at = statOf(pid)?.parentPid ?? 0; at > 0; at = statOf(at)?.parentPid ?? 0) {
    if (at === process.pid) return true
  }
  return false
}
