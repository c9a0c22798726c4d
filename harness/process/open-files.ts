import { readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { killSync } from './kill-sync.ts'

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    // It has ended, or is another user's, or there is no /proc.
    return []
  }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}

/** What a process has open: paths, and names such as `socket:[4711]`. Empty where there is no /proc. */
export function openFilesOf(pid: number | string): string[] {
  const folder = join('/proc', String(pid))
  const links = ['cwd', ...namesIn(join(folder, 'fd')).map((name) => join('fd', name))]
  return links.map((link) => targetOf(join(folder, link))).filter((target) => target !== '')
}

/**
 * The sockets that a child was given as its first `descriptors` descriptors, by the names that every process has
 * for them. Any other one that it has open was inherited, and processes that are none of ours have it, too.
 */
export function givenSocketsOf(pid: number, descriptors: number): Set<string> {
  const links = Array.from({ length: descriptors }, (_, fd) => `/proc/${pid}/fd/${fd}`)
  return new Set(links.map(targetOf).filter((target) => target.startsWith('socket:')))
}

/** Kills all other processes that have a file open, or stand in a folder, of which `isTheirs` says so; returns how many. */
export function killHolders(isTheirs: (target: string) => boolean): number {
  const pids = namesIn('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => openFilesOf(pid).some(isTheirs))
    .map(Number)
  killSync(pids)
  return pids.length
}
