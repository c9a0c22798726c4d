import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { MachineError } from '../harness/process/machine-error.ts'

const GIB = 1024 ** 3

/** A limit of this process and what a run needs of it, as measured on two processors. */
const NEEDS = [
  {
    limit: 'Max open files',
    needed: () => 128 + 16 * availableParallelism(),
    inWords: (amount: number) => `${amount} open files`,
    flag: '-n',
  },
  {
    // A thread that is started beyond it ends the whole process.
    limit: 'Max address space',
    needed: () => (6 + availableParallelism()) * GIB,
    inWords: (amount: number) => `${Math.floor(amount / GIB)} GiB of addresses`,
    flag: '-v',
  },
]

/** A soft limit in the text of a /proc/PID/limits (proc_pid_limits(5)); infinite where there is none. */
export function limitIn(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(name)) ?? ''
  const soft = /^\s+(\d+)/.exec(line.slice(name.length))?.[1]
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}

/** What this process lacks of what a run needs, with a way out; null when nothing. */
export function lackOfResources(limits: string = readLimits()): MachineError | null {
  for (const { limit, needed, inWords, flag } of NEEDS) {
    const allowed = limitIn(limits, limit)
    if (allowed >= needed()) continue
    return new MachineError(
      'MISSING',
      `a run needs ${inWords(needed())}, and may have ${inWords(allowed)} here`,
      `Raise the limit (ulimit ${flag}).`,
    )
  }
  return null
}

/** Throws that lack: short of it, processes end anywhere, and nothing could be said of the subject. */
export function requireResources(): void {
  const lack = lackOfResources()
  if (lack !== null) throw lack
}
