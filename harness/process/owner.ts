import { readFileSync } from 'node:fs'
import { statOf } from './stat.ts'

/** A process, told apart from every other one that ever has its number. */
export interface Owner {
  pid: number
  /** When it started, in clock ticks since the boot; null where /proc does not say. */
  startTicks: number | null
  /** Which boot; null where /proc does not say. */
  bootId: string | null
}

function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return null
  }
}

/** The process that has that number now. */
export function ownerWithPid(pid: number): Owner {
  return { pid, startTicks: statOf(pid)?.startTicks ?? null, bootId: bootId() }
}

export function ownerOfThisProcess(): Owner {
  return ownerWithPid(process.pid)
}

/** Whether a value, read from a file that anyone may have written, is an owner. */
export function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false
  const { pid, startTicks, bootId } = value as Partial<Owner>
  return (
    Number.isSafeInteger(pid) &&
    (pid ?? 0) > 0 &&
    (startTicks === null || Number.isSafeInteger(startTicks)) &&
    (bootId === null || typeof bootId === 'string')
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

/**
 * Whether that very process is still there. One that has ended is not, even before its parent has asked
 * how. One that /proc hides is there by its number alone.
 */
export function isThere(owner: Owner): boolean {
  if (owner.bootId !== bootId() || !hasProcess(owner.pid)) return false
  const stat = statOf(owner.pid)
  if (stat === null) return true
  if (stat.state === 'Z' || stat.state === 'X') return false
  return owner.startTicks === null || owner.startTicks === stat.startTicks
}

/**
 * Whether that very process is there and will do anything more. One that was killed may wait in the kernel
 * for ever, if it waits for an answer that it would have to give itself.
 */
export function isAlive(owner: Owner): boolean {
  return isThere(owner) && statOf(owner.pid)?.killed !== true
}
