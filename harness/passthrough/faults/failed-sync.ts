import { type Fault, pointer, SERVE, type Times, type Where } from './fault.ts'

/**
 * A sync fails with EIO. With `loses`, what was written to the file since its last sync is gone, as on Linux after a
 * failed write-back: pages are marked clean, a later sync succeeds, and what a program reads is what the disk has.
 */
export interface FailedSync {
  fault: 'failed-sync'
  at: Where
  loses: boolean
  /** 1 unless given. */
  times?: Times
}

export const failedSync: Fault<FailedSync> = {
  losesWrites: ({ loses }) => loses,
  arm({ at, loses, times }) {
    const isMeant = pointer(at, times)
    return (coming) => {
      if (!isMeant(coming)) return SERVE
      return { do: loses && coming.kind === 'fsync' ? 'lose' : 'refuse', errno: 'EIO' }
    }
  },
}
