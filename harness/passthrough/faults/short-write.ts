import { type Fault, pointer, SERVE, type Where } from './fault.ts'

/** One write does no more than so many bytes, at least one, and says so: write(2) may, and few programs expect it. */
export interface ShortWrite {
  fault: 'short-write'
  at: Where
  wroteBytes: number
}

export const shortWrite: Fault<ShortWrite> = {
  arm({ at, wroteBytes }) {
    const isMeant = pointer(at)
    return (coming) => {
      if (!isMeant(coming) || coming.kind !== 'write') return SERVE
      if (wroteBytes < 1 || wroteBytes >= coming.lengthBytes) return SERVE
      return { do: 'shorten', lengthBytes: wroteBytes }
    }
  },
}
