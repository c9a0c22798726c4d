import { SYNC_LOST, SYNCS_FAIL } from './failed-syncs.ts'
import { FULL_DISK, NO_ROOM } from './full-disk.ts'
import { EDQUOT, EINTR, EIO, EMFILE, ENOSPC } from './refusals.ts'
import type { IoErrorRow } from './row.ts'
import { SHORT_BUT_ONE, SHORT_BY_ALL, SHORT_BY_HALF } from './short-writes.ts'

/**
 * The errors, by the names that cases have. A sync that fails once and loses nothing is EIO at a sync.
 */
export const IO_ERRORS = {
  EIO,
  ENOSPC,
  EDQUOT,
  EMFILE,
  EINTR,
  'short-half': SHORT_BY_HALF,
  'short-one': SHORT_BUT_ONE,
  'short-none': SHORT_BY_ALL,
  'full-half': FULL_DISK,
  'full-none': NO_ROOM,
  'sync-lost': SYNC_LOST,
  'syncs-fail': SYNCS_FAIL,
} as const satisfies Record<string, IoErrorRow>

export type IoErrorName = keyof typeof IO_ERRORS

export const IO_ERROR_NAMES = Object.keys(IO_ERRORS) as IoErrorName[]
