import { readFileSync } from 'node:fs'

/** What /proc/PID/stat tells of a process. */
export interface ProcessStat {
  /** One letter, such as `R`, `S`, or `Z` for one that has ended and whose parent has not asked yet. */
  state: string
  parentPid: number
  /** When it started, in clock ticks since the boot. */
  startTicks: number
  /** Whether it is on its way out: a SIGKILL waits for it to leave the kernel, or it is exiting. */
  killed: boolean
}

/** Signal 9 in a set of signals. */
const SIGKILL_BIT = 1 << 8
/** PF_EXITING in a process's flags (linux/sched.h). */
const EXITING_BIT = 1 << 2

/**
 * The text of a /proc/PID/stat (proc_pid_stat(5)), or null when it is none. The name in it may hold
 * spaces and parentheses, so the fields are counted from the last `)`.
 */
export function parseStat(text: string): ProcessStat | null {
  const nameEnd = text.lastIndexOf(')')
  const fields = text.slice(nameEnd + 2).split(' ')
  const [state = '', parentPid = ''] = fields
  const startTicks = fields[22 - 3] ?? ''
  const flags = Number(fields[9 - 3] ?? 0)
  const pendingSignals = Number(fields[31 - 3] ?? 0)
  if (nameEnd < 0 || !/^\d+$/.test(parentPid) || !/^\d+$/.test(startTicks)) return null
  const killed = (pendingSignals & SIGKILL_BIT) !== 0 || (flags & EXITING_BIT) !== 0
  return { state, parentPid: Number(parentPid), startTicks: Number(startTicks), killed }
}

/** The same of a process by its id; null where there is no such process, or no /proc. */
export function statOf(pid: number): ProcessStat | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return null
  }
}
