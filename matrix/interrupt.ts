import { constants } from 'node:os'
import { setImmediate } from 'node:timers/promises'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Signal = (typeof SIGNALS)[number]

/** The run was told to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode: number

  constructor(signal: Signal) {
    super(`stopped by ${signal}`)
    this.exitCode = 128 + constants.signals[signal]
  }
}

/** Of the work that can be stopped in order, if there is any. */
let stopping: AbortController | undefined

function onSignal(signal: Signal): void {
  const interrupted = new Interrupted(signal)
  if (stopping === undefined || stopping.signal.aborted) process.exit(interrupted.exitCode)
  stopping.abort(interrupted)
}

const onHungUp = (): void => onSignal('SIGHUP')

/**
 * Makes SIGINT, SIGTERM and SIGHUP end the process with 128 + their number, after its exit handlers. Where whoever
 * started it keeps a channel to it, their end is taken for a SIGHUP.
 */
export function watchSignals(): void {
  for (const signal of SIGNALS) process.on(signal, onSignal)
  process.on('disconnect', onHungUp)
  process.channel?.unref()
}

/**
 * Undoes `watchSignals`, so that such a signal ends the process at once, as it does by default: a command
 * that makes nothing has nothing to undo, and may be busy for longer than a user waits for a Ctrl-C.
 */
export async function leaveSignals(): Promise<void> {
  // One that came while something was loaded is heard when the event loop has been round.
  await setImmediate()
  await setImmediate()
  for (const signal of SIGNALS) process.off(signal, onSignal)
  process.off('disconnect', onHungUp)
}

/**
 * Runs `work` with a signal that SIGINT, SIGTERM or SIGHUP aborts with `Interrupted`, so that what was
 * made is undone on the way out. A second one ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  stopping = controller
  try {
    return await work(controller.signal)
  } finally {
    stopping = undefined
  }
}
