import { type Fault, pointer, SERVE, type Where } from './fault.ts'

/** A write is answered success and not made: what no disk may do, and what a harness must notice. */
export interface PretendedWrite {
  fault: 'pretended-write'
  at: Where
}

export const pretendedWrite: Fault<PretendedWrite> = {
  arm({ at }) {
    const isMeant = pointer(at)
    return (coming) => (isMeant(coming) && coming.kind === 'write' ? { do: 'pretend' } : SERVE)
  },
}
