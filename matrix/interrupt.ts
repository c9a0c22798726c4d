import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The run was told to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode: number

  constructor(signal: (typeof SIGNALS)[number]) {
    super(`stopped by ${signal}`)
    this.exitCode = 128 + constants.signals[signal]
  }
}

/**
 * Runs `work` with a signal that SIGINT, SIGTERM or SIGHUP aborts with `Interrupted`, so that what was
 * made is undone on the way out. A second one ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const handlers = SIGNALS.map((name) => {
    const handler = (): void => {
      const interrupted = new Interrupted(name)
      if (controller.signal.aborted) process.exit(interrupted.exitCode)
      controller.abort(interrupted)
    }
    process.on(name, handler)
    return () => process.off(name, handler)
  })
  try {
    return await work(controller.signal)
  } finally {
    for (const remove of handlers) remove()
  }
}
