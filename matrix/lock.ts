import { lstatSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { examineOwned, type Finding } from '../harness/owned/examine.ts'
import {
  freshPath,
  makeOwnedFolder,
  readTitle,
  removeOwnedFolder,
} from '../harness/owned/owned-folder.ts'
import { MachineError } from '../harness/process/machine-error.ts'
import { makeDirectories } from '../harness/process/make-directories.ts'
import { atExit } from './at-exit.ts'
import { removeUnfinished } from './evidence/unfinished.ts'
import { refusal, shownPath } from './shown.ts'

/** The folder that is there while somebody writes evidence beside it. */
const LOCK = '.lock'

/** The lock that one needs to take another away from somebody dead. Its own may be needed as well. */
const lockOf = (lock: string): string => `${lock}-taking`

/** The names of locks in an evidence folder, each of which may be left by somebody dead. */
export const LOCKS: readonly string[] = [LOCK, lockOf(LOCK)]

/** What the name of a lock begins with before it is taken, and after it is given back. */
export const LOCK_PREFIX = '.lock-'

/** Somebody may take it in the very moment in which a dead one's is removed. */
const ATTEMPTS = 5

/** The lock that this process would take, by the path at which it was made, and its number. */
interface Mine {
  path: string
  inode: number | undefined
}

const inodeOf = (path: string): number | undefined =>
  lstatSync(path, { throwIfNoEntry: false })?.ino

function cannotWrite(directory: string, cause: unknown): MachineError {
  return new MachineError(
    'BROKEN',
    `evidence cannot be written to ${shownPath(directory)}: ${refusal(cause)}`,
    'Choose another folder with --out, or make this one writable.',
    { cause },
  )
}

function isHeld(directory: string, name: string): MachineError {
  const lock = join(directory, name)
  const title = readTitle(lock)
  const who = typeof title === 'string' ? 'unknown' : title.owner.pid
  return new MachineError(
    'BROKEN',
    `another run (process ${who}) is writing evidence to ${shownPath(directory)}`,
    `Wait for it, or give this one a folder of its own with --out. If it is certainly over, remove ${shownPath(lock)}.`,
  )
}

/** Who holds a lock of an evidence folder; `gone` when nobody does. Throws the operating system's error. */
export function examineLock(directory: string, name: string): Finding {
  const lock = join(directory, name)
  if (lstatSync(lock, { throwIfNoEntry: false })?.isFile()) {
    return { is: 'foreign', why: 'it is a file' }
  }
  return examineOwned(lock, { names: [], whyInUse: () => null })
}

/**
 * Gives the lock back that was made as `mine`, whether or not it was taken. It has its name no more before
 * anything of it is removed.
 */
function giveBack(lock: string, { path, inode }: Mine): void {
  try {
    if (inodeOf(lock) === inode) renameSync(lock, path)
  } finally {
    removeOwnedFolder(path)
  }
}

/** Gives the finished folder `mine` a lock's name, which fails where somebody has it. */
function take(mine: string, lock: string): boolean {
  try {
    renameSync(mine, lock)
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code)) return false
    throw error
  }
}

/**
 * Takes a lock away from somebody who is dead; whether it was still that one's. One at a time does so, since
 * what was judged may have been taken by a living one before it is moved.
 */
function takeFromDead(directory: string, name: string, mine: string): boolean {
  acquire(directory, lockOf(name), mine)
  try {
    if (examineLock(directory, name).is !== 'left') return false
    const aside = freshPath(directory, LOCK_PREFIX)
    renameSync(join(directory, name), aside)
    removeOwnedFolder(aside)
    return true
  } finally {
    renameSync(join(directory, lockOf(name)), mine)
  }
}

/** Takes a lock; says whether a dead one had to be taken away for it. Throws a `MachineError`. */
function acquire(directory: string, name: string, mine: string): boolean {
  let tookAway = false
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (take(mine, join(directory, name))) return tookAway
    const { is } = examineLock(directory, name)
    if (is === 'alive' || is === 'foreign') break
    if (is === 'left') tookAway = takeFromDead(directory, name, mine) || tookAway
  }
  throw isHeld(directory, name)
}

/**
 * Runs `work` while this process alone holds `directory` (made if it isn't there), by the lock of that name.
 * One that was left by a process which has died is taken over, and with the directory's own goes what that
 * process had half written. Throws a `MachineError` when another run holds it, or when nothing can be written
 * there.
 */
export async function withLock<T>(
  directory: string,
  work: () => Promise<T>,
  name = LOCK,
): Promise<T> {
  const lock = join(directory, name)
  let mine: Mine
  try {
    makeDirectories(directory)
    const path = makeOwnedFolder(freshPath(directory, LOCK_PREFIX), 'lock')
    mine = { path, inode: inodeOf(path) }
  } catch (cause) {
    throw cannotWrite(directory, cause)
  }
  try {
    const tookAway = acquire(directory, name, mine.path)
    if (tookAway && name === LOCK) removeUnfinished(directory)
  } catch (error) {
    giveBack(lock, mine)
    throw error instanceof MachineError ? error : cannotWrite(directory, error)
  }
  const callOff = atExit(() => giveBack(lock, mine))
  try {
    return await work()
  } finally {
    callOff()
    giveBack(lock, mine)
  }
}
