import { ownerOfThisProcess } from './owner.ts'
import { ownerMark } from './owner-mark.ts'

/** The variable that says whose child a process is. */
export const OWNER_VARIABLE = 'PULLPLUG_OWNER'

/** The variable that says where runs are written down, in place of the usual. */
export const STATE_VARIABLE = 'PULLPLUG_STATE'

/** By which a child is known when it outlives this process. */
export const OWN_MARK: Readonly<Record<string, string>> = {
  [OWNER_VARIABLE]: ownerMark(ownerOfThisProcess()),
  [STATE_VARIABLE]: process.env[STATE_VARIABLE] ?? '',
}

/**
 * The environment of every child: its own and small. An inherited one can triple a Node's start
 * (`NODE_EXTRA_CA_CERTS`), and would let the caller's variables into the subject.
 */
export const CHILD_ENVIRONMENT: Record<string, string> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  ...OWN_MARK,
}
