import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { Runtime } from '../process/runtime.ts'
import { type RunningScript, startScript } from '../process/start-script.ts'
import type { WriterAnswer, WriterOrder } from './writer-protocol.ts'

export interface WriterOptions {
  /** How long one answer may take. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** What runs the subject; this Node unless given. */
  runtime?: Runtime | undefined
}

/** A process that runs a subject in lockstep with this one. */
export class Writer {
  readonly #running: RunningScript
  readonly #lines: AsyncIterator<string>
  readonly #timeoutMs: number
  readonly #signal: AbortSignal | undefined
  readonly #ended: Promise<unknown>

  private constructor(running: RunningScript, timeoutMs: number, signal: AbortSignal | undefined) {
    const lines: Interface = createInterface(running.answers)
    this.#running = running
    this.#lines = lines[Symbol.asyncIterator]()
    this.#timeoutMs = timeoutMs
    this.#signal = signal
    this.#ended = once(running.child, 'close')
  }

  static async start({ timeoutMs, signal, runtime }: WriterOptions): Promise<Writer> {
    signal?.throwIfAborted()
    return new Writer(await startScript('power-cut/writer.js', runtime), timeoutMs, signal)
  }

  /**
   * Gives an order and waits for the answer. Throws `CannotJudge` when there is none, and what the
   * signal was aborted with.
   */
  async tell(order: WriterOrder): Promise<WriterAnswer> {
    this.#signal?.throwIfAborted()
    const { child, orders, lastWords } = this.#running
    let givenUp = false
    const giveUp = (): void => {
      givenUp = true
      child.kill('SIGKILL')
    }
    const timer = setTimeout(giveUp, this.#timeoutMs)
    this.#signal?.addEventListener('abort', giveUp)
    try {
      orders.write(`${JSON.stringify(order)}\n`)
      const { value, done } = await this.#lines.next()
      this.#signal?.throwIfAborted()
      if (!done) return JSON.parse(value) as WriterAnswer
    } finally {
      clearTimeout(timer)
      this.#signal?.removeEventListener('abort', giveUp)
    }
    throw new CannotJudge(
      givenUp
        ? `the writer gave no answer in ${this.#timeoutMs} ms`
        : `the writer ended: ${lastWords()}`,
    )
  }

  /** Ends it; returns when it is gone. */
  async stop(): Promise<void> {
    this.#running.child.kill('SIGKILL')
    await this.#ended
  }
}
