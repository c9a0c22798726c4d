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

function isHeld(directory: string): MachineError {
  const lock = join(directory, LOCK)
  const title = readTitle(lock)
  const who = typeof title === 'string' ? 'unknown' : title.owner.pid
  return new MachineError(
    'BROKEN',
    `another run (process ${who}) is writing evidence to ${shownPath(directory)}`,
    `Wait for it, or give this one a folder of its own with --out. If it is certainly over, remove ${shownPath(lock)}.`,
  )
}

/** Who holds the lock of an evidence folder; `gone` when nobody does. Throws the operating system's error. */
export function examineLock(directory: string): Finding {
  const lock = join(directory, LOCK)
  if (lstatSync(lock, { throwIfNoEntry: false })?.isFile()) {
    return { is: 'foreign', why: 'it is a file' }
  }
  return examineOwned(lock, { names: [], whyInUse: () => null })
}

/**
 * Gives the lock back that was made as `mine`, whether or not it was taken. It has its name no more before
 * anything of it is removed.
 */
function giveBack(directory: string, { path, inode }: Mine): void {
  const lock = join(directory, LOCK)
  try {
    if (inodeOf(lock) === inode) renameSync(lock, path)
  } finally {
    removeOwnedFolder(path)
  }
}

/** Takes the lock away from somebody who is dead; whether it was still that one's. */
function takeFromDead(directory: string): boolean {
  const lock = join(directory, LOCK)
  const aside = freshPath(directory, LOCK_PREFIX)
  const judged = inodeOf(lock)
  if (examineLock(directory).is !== 'left') return false
  renameSync(lock, aside)
  if (inodeOf(aside) !== judged) {
    // Another one was quicker, and this is its own.
    renameSync(aside, lock)
    return false
  }
  removeOwnedFolder(aside)
  return true
}

/** Gives the finished folder `mine` the lock's name, which fails where somebody has it. */
function take(directory: string, mine: string): boolean {
  try {
    renameSync(mine, join(directory, LOCK))
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code)) return false
    throw error
  }
}

/** Takes the lock; says whether a dead one had to be taken away for it. Throws a `MachineError`. */
function acquire(directory: string, mine: string): boolean {
  let tookAway = false
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (take(directory, mine)) return tookAway
    const { is } = examineLock(directory)
    if (is === 'alive' || is === 'foreign') break
    if (is === 'left') tookAway = takeFromDead(directory) || tookAway
  }
  throw isHeld(directory)
}

/**
 * Runs `work` while this process alone holds `directory` (made if it isn't there). A lock that was
 * left by a process which has died is taken over, and what that one had half written is removed. Throws a
 * `MachineError` when another run holds it, or when nothing can be written there.
 */
export async function withLock<T>(directory: string, work: () => Promise<T>): Promise<T> {
  let mine: Mine
  try {
    makeDirectories(directory)
    const path = makeOwnedFolder(freshPath(directory, LOCK_PREFIX), 'lock')
    mine = { path, inode: inodeOf(path) }
  } catch (cause) {
    throw cannotWrite(directory, cause)
  }
  try {
    const tookAway = acquire(directory, mine.path)
    if (tookAway) removeUnfinished(directory)
  } catch (error) {
    giveBack(directory, mine)
    throw error instanceof MachineError ? error : cannotWrite(directory, error)
  }
  const callOff = atExit(() => giveBack(directory, mine))
  try {
    return await work()
  } finally {
    callOff()
    giveBack(directory, mine)
  }
}
