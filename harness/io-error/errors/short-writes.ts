import type { IoErrorRow } from './row.ts'

/** One write that does less than it was asked for, and says so, as write(2) may. */
function shortWrite(inWords: string, wroteBytes: number | 'half', leastBytes: number): IoErrorRow {
  return {
    inWords,
    promised: 'io-error',
    lasts: false,
    losesUnsynced: false,
    canStrike: ({ kind, lengthBytes }) => kind === 'write' && lengthBytes >= leastBytes,
    orderAt: ({ number: called, kind }) => ({
      fault: 'short-write',
      at: { called, kind },
      wroteBytes,
    }),
  }
}

export const SHORT_BY_HALF = shortWrite('does half of its bytes', 'half', 4)
export const SHORT_BUT_ONE = shortWrite('does one byte', 1, 2)
export const SHORT_BY_ALL = shortWrite('does no byte', 0, 1)
