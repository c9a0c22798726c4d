import type { Refusal } from '../../passthrough/faults/error.ts'
import type { Kind } from '../../passthrough/operation.ts'
import type { IoErrorRow } from './row.ts'

const MAKES_A_NAME: readonly Kind[] = ['create', 'mkdir', 'symlink', 'link', 'rename']
const TAKES_ROOM: readonly Kind[] = [...MAKES_A_NAME, 'write', 'fallocate']
/** Those whose pages of the manual name EINTR, and which are not restarted by the C library. */
const CAN_BE_INTERRUPTED: readonly Kind[] = [
  'open',
  'open-truncate',
  'create',
  'read',
  'write',
  'truncate',
  'fallocate',
  'fsync',
]

/** An error that one operation is answered in place of being done; `kinds` are those that may give it, null for all. */
function refusal(
  errno: Refusal['errno'],
  kinds: readonly Kind[] | null,
  promised: IoErrorRow['promised'],
): IoErrorRow {
  return {
    inWords: `is answered ${errno}`,
    promised,
    lasts: false,
    losesUnsynced: false,
    canStrike: ({ kind }) => kinds === null || kinds.includes(kind),
    orderAt: ({ number: called, kind }) => ({ fault: 'error', at: { called, kind }, errno }),
  }
}

/** By the manual of each call (man-pages 6, section 2). */
export const EIO = refusal('EIO', null, 'io-error')
export const ENOSPC = refusal('ENOSPC', TAKES_ROOM, 'full-disk')
export const EDQUOT = refusal('EDQUOT', TAKES_ROOM, 'full-disk')
export const EMFILE = refusal('EMFILE', ['open', 'open-truncate', 'create'], 'io-error')
export const EINTR = refusal('EINTR', CAN_BE_INTERRUPTED, 'io-error')
