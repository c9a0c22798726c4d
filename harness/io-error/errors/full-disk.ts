import type { IoErrorRow } from './row.ts'

/**
 * The disk is full in the middle of a write: a short count, then ENOSPC, until space returns. A short write alone is
 * retried by libuv, which hides it.
 */
export const FULL_DISK: IoErrorRow = {
  inWords: 'does half of its bytes, and then the disk is full',
  promised: 'full-disk',
  lasts: true,
  losesUnsynced: false,
  canStrike: ({ kind, growsBytes }) => kind === 'write' && growsBytes > 1,
  orderAt: ({ number: called, kind }) => ({
    fault: 'full-disk',
    at: { called, kind },
    roomBytes: 'half',
  }),
}

/** The disk is full before a write: ENOSPC to all that need room, until space returns. */
export const NO_ROOM: IoErrorRow = {
  ...FULL_DISK,
  inWords: 'finds the disk full',
  canStrike: ({ kind, growsBytes }) => (kind === 'write' || kind === 'fallocate') && growsBytes > 0,
  orderAt: ({ number: called, kind }) => ({
    fault: 'full-disk',
    at: { called, kind },
    roomBytes: 0,
  }),
}
