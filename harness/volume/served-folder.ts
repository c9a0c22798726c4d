import { existsSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readText } from '../files/read-text.ts'
import { cgroupParent } from '../process/cgroup.ts'

/** What the folder of a directory that is served holds beside its mount point. */
export const SERVED_NAMES = ['backing', 'cgroup'] as const

/** The folder in which the files of a directory that is served really are. */
export const backingOf = (folder: string): string => join(folder, SERVED_NAMES[0])

/** Whether a volume's folder is one of a directory that is served. */
export const isServed = (folder: string): boolean => existsSync(backingOf(folder))

const noteOf = (folder: string): string => join(folder, SERVED_NAMES[1])

/** How the cgroup of a folder's subject is called, which by its name is no other one's. */
const cgroupName = (folder: string): string => `pullplug-${basename(folder)}`

/** Where the cgroup of a folder's subject is, below a cgroup. */
export const cgroupFor = (folder: string, parent: string): string =>
  join(parent, cgroupName(folder))

const MAX_BYTES = 4096

/**
 * Notes where the cgroup of a folder's subject is, before it is made. `unfinished` is where the folder is until it
 * gets its name.
 */
export function noteCgroup(unfinished: string, cgroup: string): void {
  writeFileSync(noteOf(unfinished), `${cgroup}\n`)
}

/** Where one is made by a process in this one's place, if it is there: the note may be gone. */
function cgroupInUsualPlace(folder: string): string | null {
  const parent = cgroupParent()
  const usual = parent === null ? null : cgroupFor(folder, parent)
  return usual !== null && existsSync(usual) ? usual : null
}

/** The cgroup of a folder's subject: the one that was noted, which may be gone; null where there is none. */
export function cgroupOf(folder: string): string | null {
  try {
    const noted = readText(noteOf(folder), { maxBytes: MAX_BYTES }).trim()
    // All in it will be killed: it must be this folder's own.
    if (basename(noted) === cgroupName(folder)) return noted
  } catch {
    // It serves nothing, or is gone.
  }
  return cgroupInUsualPlace(folder)
}
