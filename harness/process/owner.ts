import { readFileSync, readlinkSync } from 'node:fs'
import {
  allProcesses,
  numbersOf,
  pidNamespaceOf,
  procNumberOf,
  seesEveryProcess,
} from './namespaces.ts'
import { type ProcessStat, statOf } from './stat.ts'

/** A process, told apart from every other one that ever has its number. */
export interface Owner {
  /** Its number in its own PID namespace. */
  pid: number
  /** When it started, in clock ticks since the boot; null where /proc does not say. */
  startTicks: number | null
  /** Which boot; null where /proc does not say. */
  bootId: string | null
  /** Its PID namespace, such as `pid:[4026531836]`; null where /proc does not say. */
  pidNamespace: string | null
}

/** `unseen`: it may live in a PID namespace that this process does not see. */
export type Life = 'alive' | 'dead' | 'unseen'

function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return null
  }
}

function statHere(pid: number): ProcessStat | null {
  const number = procNumberOf(pid)
  return number === null ? null : statOf(number)
}

/** The process that has that number now, in this PID namespace. */
export function ownerWithPid(pid: number): Owner {
  const startTicks = statHere(pid)?.startTicks ?? null
  return { pid, startTicks, bootId: bootId(), pidNamespace: pidNamespaceOf('self') }
}

export function ownerOfThisProcess(): Owner {
  return ownerWithPid(process.pid)
}

/** As much as is read of a file that says who made something. */
export const MAX_OWNER_BYTES = 4096

/** Whether a value, read from a file that anyone may have written, is an owner. */
export function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false
  const { pid, startTicks, bootId, pidNamespace } = value as Partial<Owner>
  return (
    Number.isSafeInteger(pid) &&
    (pid ?? 0) > 0 &&
    (startTicks === null || Number.isSafeInteger(startTicks)) &&
    (bootId === null || typeof bootId === 'string') &&
    (pidNamespace === null || typeof pidNamespace === 'string')
  )
}

export function isSameOwner(one: Owner, other: Owner): boolean {
  return (
    one.pid === other.pid &&
    one.startTicks === other.startTicks &&
    one.bootId === other.bootId &&
    one.pidNamespace === other.pidNamespace
  )
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function hasEnded({ state }: ProcessStat): boolean {
  return state === 'Z' || state === 'X'
}

/** Clocks of another time namespace count from another moment. */
function sameClock(procNumber: number): boolean {
  try {
    return readlinkSync(`/proc/${procNumber}/ns/time`) === readlinkSync('/proc/self/ns/time')
  } catch {
    return true
  }
}

/** What /proc says of an owner in another PID namespace; null when it shows no such process. */
function statElsewhere({ pid, startTicks, pidNamespace }: Owner): ProcessStat | null {
  for (const number of allProcesses()) {
    if (numbersOf(number).at(-1) !== pid) continue
    // Of other users' processes, root alone may read the namespace.
    if ((pidNamespaceOf(number) ?? pidNamespace) !== pidNamespace) continue
    const stat = statOf(number)
    if (stat === null) continue
    if (startTicks === null || startTicks === stat.startTicks || !sameClock(number)) return stat
  }
  return null
}

function lifeElsewhere(owner: Owner): Life {
  const stat = statElsewhere(owner)
  if (stat !== null) return hasEnded(stat) || stat.killed ? 'dead' : 'alive'
  return seesEveryProcess() ? 'dead' : 'unseen'
}

function isHere({ pidNamespace }: Owner): boolean {
  return pidNamespace === null || pidNamespace === pidNamespaceOf('self')
}

/**
 * Whether that very process, of this PID namespace, is still there. One that has ended is not, even before
 * its parent has asked how. One that /proc hides is there by its number alone.
 */
export function isThere(owner: Owner): boolean {
  if (owner.bootId !== bootId() || !hasProcess(owner.pid)) return false
  const stat = statHere(owner.pid)
  if (stat === null) return true
  return !hasEnded(stat) && (owner.startTicks === null || owner.startTicks === stat.startTicks)
}

/**
 * Whether that very process is there and will do anything more. One that was killed may wait in the kernel
 * for ever, if it waits for an answer that it would have to give itself.
 */
export function lifeOf(owner: Owner): Life {
  if (owner.bootId !== bootId()) return 'dead'
  if (!isHere(owner)) return lifeElsewhere(owner)
  return isThere(owner) && statHere(owner.pid)?.killed !== true ? 'alive' : 'dead'
}

/** Whether it lives, as far as can be seen from here. */
export function isAlive(owner: Owner): boolean {
  return lifeOf(owner) !== 'dead'
}
