import { type Fault, pointer, SERVE, type Times, type Where } from './fault.ts'

/** An operation is not done and answered an error, such as a write that meets a bad disk. */
export interface Refusal {
  fault: 'error'
  at: Where
  errno: 'EIO' | 'ENOSPC' | 'EDQUOT' | 'EMFILE' | 'EINTR' | 'EAGAIN'
  /** 1 unless given. */
  times?: Times
}

export const error: Fault<Refusal> = {
  arm({ at, errno, times }) {
    const isMeant = pointer(at, times)
    return (coming) => (isMeant(coming) ? { do: 'refuse', errno } : SERVE)
  },
}
