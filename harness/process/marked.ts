import { readdirSync, readFileSync } from 'node:fs'
import { killSync } from './kill-sync.ts'

/** The variable by which a process, and whatever it starts, is known to be a subject's. */
export const MARK_VARIABLE = 'PULLPLUG_SUBJECT'

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    // It has ended, or is another user's.
    return ''
  }
}

/**
 * The processes that carry a mark in their environment: those that were started with it, and all that
 * these started, even in sessions of their own. Empty where there is no /proc.
 */
export function processesMarked(mark: string): number[] {
  let pids: string[]
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
  const entry = `${MARK_VARIABLE}=${mark}`
  return pids.filter((pid) => environmentOf(pid).split('\0').includes(entry)).map(Number)
}

/** Kills all of them, and what they start meanwhile; returns how many there were. */
export function killMarked(mark: string): number {
  const MAX_ROUNDS = 5
  let killed = 0
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const pids = processesMarked(mark)
    if (pids.length === 0) break
    killSync(pids)
    killed += pids.length
  }
  return killed
}
