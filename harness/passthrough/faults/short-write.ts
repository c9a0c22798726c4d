import { type Fault, pointer, SERVE, type Where } from './fault.ts'

/**
 * One write does no more than so many bytes, or half of them, and says so: write(2) may, and few programs expect it. One
 * that is not shortened by that is done in full, and not struck.
 */
export interface ShortWrite {
  fault: 'short-write'
  at: Where
  wroteBytes: number | 'half'
}

export const shortWrite: Fault<ShortWrite> = {
  arm({ at, wroteBytes }) {
    const isMeant = pointer(at)
    return (coming) => {
      if (!isMeant(coming) || coming.kind !== 'write') return SERVE
      const { lengthBytes: dueBytes } = coming
      const lengthBytes = wroteBytes === 'half' ? Math.floor(dueBytes / 2) : wroteBytes
      return lengthBytes < dueBytes ? { do: 'shorten', lengthBytes } : SERVE
    }
  },
}
