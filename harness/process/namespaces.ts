import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The PID namespace that every other one lies in (PROC_PID_INIT_INO in linux/proc_ns.h). */
const INITIAL = 'pid:[4026531836]'

/** A process as /proc names it: a number of the PID namespace that /proc was mounted in, or `self`. */
type ProcName = number | 'self'

/** The PID namespace of a process, such as `pid:[4026531836]`; null where /proc does not say. */
export function pidNamespaceOf(name: ProcName): string | null {
  try {
    return readlinkSync(`/proc/${name}/ns/pid`)
  } catch {
    return null
  }
}

/**
 * The numbers of a process, from the PID namespace of /proc down to its own (NSpid in
 * proc_pid_status(5)); none where /proc does not say.
 */
export function numbersOf(name: ProcName): number[] {
  try {
    const line = /^NSpid:(.*)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1] ?? ''
    return line.trim().split(/\s+/).filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** Whether /proc counts processes as this one does: in a new PID namespace it may still be the old one's. */
function procIsOurs(): boolean {
  return numbersOf('self').length <= 1
}

/** Every process that /proc shows, by its number there. */
export function allProcesses(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

/** The number in /proc of the process that this one knows as `pid`; null when /proc does not show it. */
export function procNumberOf(pid: number): number | null {
  if (procIsOurs()) return pid
  const ours = pidNamespaceOf('self')
  const isIt = (each: number): boolean =>
    numbersOf(each).at(-1) === pid && pidNamespaceOf(each) === ours
  return allProcesses().find(isIt) ?? null
}

/** The number by which this process knows another one of /proc; null when it has none here. */
export function pidOf(procNumber: number): number | null {
  if (procIsOurs()) return procNumber
  if (pidNamespaceOf(procNumber) !== pidNamespaceOf('self')) return null
  return numbersOf(procNumber).at(-1) ?? null
}

/** Whether /proc shows every process of this machine: whoever it does not show is not there. */
export function seesEveryProcess(): boolean {
  return pidNamespaceOf('self') === INITIAL && procIsOurs()
}
