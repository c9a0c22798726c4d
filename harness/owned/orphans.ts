import { readFileSync } from 'node:fs'
import { OWNER_VARIABLE, STATE_VARIABLE } from '../process/environment.ts'
import { allProcesses, pidOf } from '../process/namespaces.ts'
import { lifeOf, type Owner } from '../process/owner.ts'
import { ownerIn } from '../process/owner-mark.ts'
import { statOf } from '../process/stat.ts'

/** A process that outlived the one that started it for its own work. */
export interface Orphan {
  /** Its number here. */
  pid: number
  /** Such as `node`. */
  name: string
  /** Who started it. */
  owner: Owner
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** A variable that a process was started with; undefined where it was not, or may not be read. */
function variableOf(procNumber: number, name: string): string | undefined {
  const variables = textOf(`/proc/${procNumber}/environ`).split('\0')
  return variables.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** This process and those above it. */
function ownLine(): Set<number> {
  const line = new Set<number>()
  let at = Number(/^\d+/.exec(textOf('/proc/self/stat'))?.[0] ?? 0)
  for (; at > 0 && !line.has(at); at = statOf(at)?.parentPid ?? 0) line.add(at)
  return line
}

/** The processes that were started by a process of this program that is dead, and writes down where this one does. */
export function findOrphans(): Orphan[] {
  const own = ownLine()
  return allProcesses().flatMap((number) => {
    const owner = ownerIn(variableOf(number, OWNER_VARIABLE) ?? '')
    if (owner === null || own.has(number) || lifeOf(owner) !== 'dead') return []
    const state = variableOf(number, STATE_VARIABLE) ?? ''
    if (state !== (process.env[STATE_VARIABLE] ?? '')) return []
    const stat = statOf(number)
    const pid = pidOf(number)
    if (pid === null || stat === null || stat.state === 'Z') return []
    return [{ pid, name: textOf(`/proc/${number}/comm`).trimEnd(), owner }]
  })
}
