/** How long a process may go on. */
export interface Limit {
  timeoutMs: number
  signal?: AbortSignal | undefined
}

/** A limit that holds until it is lifted. */
export interface HeldLimit {
  /** Whether the time was over, or the signal aborted. */
  readonly givenUp: boolean
  lift(): void
}

/** Calls `giveUp` when the time is over or the signal is aborted, at once where it is, until the limit is lifted. */
export function holdLimit({ timeoutMs, signal }: Limit, giveUp: () => void): HeldLimit {
  let givenUp = false
  const strike = (): void => {
    givenUp = true
    giveUp()
  }
  const timer = setTimeout(strike, timeoutMs)
  signal?.addEventListener('abort', strike)
  if (signal?.aborted === true) strike()
  return {
    get givenUp() {
      return givenUp
    },
    lift() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', strike)
    },
  }
}
