import type { IoErrorRow } from './row.ts'

/**
 * A sync that fails. On Linux what it covered is gone then: pages are marked clean, and a later sync succeeds
 * (Documentation/filesystems/vfs.rst, "Handling errors during writeback"); other file systems keep it.
 */
function failedSync(inWords: string, given: { loses: boolean; lasts: boolean }): IoErrorRow {
  const { loses, lasts } = given
  return {
    inWords,
    promised: 'io-error',
    lasts,
    losesUnsynced: loses,
    canStrike: ({ kind }) => kind === 'fsync' || (kind === 'fsyncdir' && lasts),
    orderAt: ({ number: called, kind }) => ({
      fault: 'failed-sync',
      at: { called, kind },
      loses,
      ...(lasts ? { times: 'for-good' as const } : {}),
    }),
  }
}

export const SYNC_LOST = failedSync('fails once, and what it covered is gone', {
  loses: true,
  lasts: false,
})
export const SYNCS_FAIL = failedSync('fails, and so do those behind it', {
  loses: false,
  lasts: true,
})
