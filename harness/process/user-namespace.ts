import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { CHILD_ENVIRONMENT } from './environment.ts'

/** What each line of a /proc/PID/uid_map says (user_namespaces(7)): from which number here, to which outside, how many. */
interface MappedIds {
  inside: number
  outside: number
  count: number
}

/** All numbers that there are, in a map that changes none. */
const ALL_IDS = 2 ** 32 - 1

/** The lines of a /proc/PID/uid_map. */
function mappedIds(text: string): MappedIds[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [inside = 0, outside = 0, count = 0] = line.trim().split(/\s+/).map(Number)
      return { inside, outside, count }
    })
}

/** The text of this process's map; that of a machine without namespaces of users changes nothing. */
function ownMap(): string {
  try {
    return readFileSync('/proc/self/uid_map', 'utf8')
  } catch {
    return `0 0 ${ALL_IDS}`
  }
}

/** Whether a map is that of a namespace of its own, whose root has no right to what the machine has. */
export function isOfItsOwn(map: string): boolean {
  return !mappedIds(map).some(
    ({ inside, outside, count }) => inside === 0 && outside === 0 && count === ALL_IDS,
  )
}

/** How a user is numbered outside of a namespace with that map. */
export function outsideOf(map: string, user: number): number {
  const ids = mappedIds(map).find(({ inside, count }) => user >= inside && user < inside + count)
  return ids === undefined ? user : ids.outside + user - ids.inside
}

/** Whether this process's root, if it is that, is root in a user namespace alone. */
export const isInUserNamespace = (): boolean => isOfItsOwn(ownMap())

/** This user's number as it is outside of any user namespace that this process is in. */
export const userIdOutside = (): number => outsideOf(ownMap(), process.getuid?.() ?? 0)

/** A command as root of a user and a mount namespace of its own, which end with it: whatever it mounts goes then. */
const UNSHARE = ['unshare', '--user', '--map-root-user', '--mount', '--'] as const

/** The same command as root of namespaces of its own. */
export const asRootOfItsOwn = (command: readonly [string, ...string[]]): [string, ...string[]] => [
  ...UNSHARE,
  ...command,
]

function fuseProblem(): string | null {
  try {
    closeSync(openSync('/dev/fuse', 'r+'))
    return null
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException
    return `/dev/fuse is not open to this user (${code})`
  }
}

/** The first line of what unshare(1) complains of. */
function unshareProblem(): string | null {
  const [file, ...args] = asRootOfItsOwn(['true'])
  const { error, status, stderr } = spawnSync(file, args, {
    env: CHILD_ENVIRONMENT,
    encoding: 'utf8',
  })
  if (error !== undefined) return `unshare(1) can’t be started (${error.message})`
  if (status === 0) return null
  return `no user namespace can be made (${stderr.split('\n')[0]})`
}

/**
 * Why this user can't serve a directory as root of namespaces of their own, in a sentence; null where they can, and
 * where they are root.
 */
export function whyNotRootOfItsOwn(): string | null {
  if (process.getuid?.() === 0) return null
  if (process.platform !== 'linux') return 'only Linux has user namespaces'
  return fuseProblem() ?? unshareProblem()
}
