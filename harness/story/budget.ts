/** How long one failure is made smaller before it is told, and how long all of a run of a tier. */
const ONE_MS = 8_000
const ALL_MS = 15_000

/** Shares the time for making failures smaller; those that come when it is over are told as they were found. */
export class ReduceBudget {
  #leftMs = ALL_MS

  /** Does something that takes at most so long; null where there is no time for it. */
  async spend<T>(work: (forMs: number) => Promise<T | null>): Promise<T | null> {
    const forMs = Math.min(ONE_MS, this.#leftMs)
    if (forMs <= 0) return null
    const startedMs = performance.now()
    try {
      return await work(forMs)
    } finally {
      this.#leftMs -= performance.now() - startedMs
    }
  }
}
