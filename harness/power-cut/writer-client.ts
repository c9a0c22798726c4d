import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import type { SubjectHome } from '../disk-subject/home.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { holdLimit } from '../process/limit.ts'
import { type MountNamespace, namedInside } from '../process/namespace.ts'
import type { Runtime } from '../process/runtime.ts'
import { type RunningScript, startScript } from '../process/start-script.ts'
import type { WriterAnswer, WriterOrder } from './writer-protocol.ts'

export interface WriterOptions {
  /** Where its subjects are at home. */
  home: SubjectHome
  /** How long one answer may take. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** What runs the subject; this Node unless given. */
  runtime?: Runtime | undefined
  /** Where the subject's directory is mounted; where this process is unless given. */
  namespace?: MountNamespace | undefined
}

/** A process that runs a subject in lockstep with this one. */
export class Writer {
  readonly #running: RunningScript
  readonly #lines: AsyncIterator<string>
  readonly #timeoutMs: number
  readonly #signal: AbortSignal | undefined
  readonly namespace: MountNamespace | undefined
  readonly leavePhantom: SubjectHome['leavePhantom']
  readonly #ended: Promise<unknown>

  private constructor(running: RunningScript, options: WriterOptions) {
    const lines: Interface = createInterface(running.answers)
    this.#running = running
    this.#lines = lines[Symbol.asyncIterator]()
    this.#timeoutMs = options.timeoutMs
    this.#signal = options.signal
    this.namespace = options.namespace
    this.leavePhantom = options.home.leavePhantom
    this.#ended = once(running.child, 'close')
  }

  static async start(options: WriterOptions): Promise<Writer> {
    const { home, signal, runtime, namespace } = options
    signal?.throwIfAborted()
    return new Writer(await startScript(home.script('writer'), runtime, namespace), options)
  }

  /** Whether it has been stopped, or has ended by itself. */
  get hasEnded(): boolean {
    const { exitCode, signalCode, killed } = this.#running.child
    return killed || exitCode !== null || signalCode !== null
  }

  /**
   * Gives an order, in which paths are named from outside of the namespace, and waits for the answer. Throws
   * `CannotJudge` when there is none, and what the signal was aborted with.
   */
  async tell(order: WriterOrder): Promise<WriterAnswer> {
    this.#signal?.throwIfAborted()
    const { child, orders, lastWords } = this.#running
    const limit = { timeoutMs: this.#timeoutMs, signal: this.#signal }
    const held = holdLimit(limit, () => child.kill('SIGKILL'))
    try {
      orders.write(`${JSON.stringify(this.#namedInside(order))}\n`)
      const { value, done } = await this.#lines.next()
      this.#signal?.throwIfAborted()
      if (!done) return JSON.parse(value) as WriterAnswer
    } finally {
      held.lift()
    }
    throw new CannotJudge(
      held.givenUp
        ? `the writer gave no answer in ${this.#timeoutMs} ms`
        : `the writer ended: ${lastWords()}`,
    )
  }

  /** Ends it; returns when it is gone. */
  async stop(): Promise<void> {
    this.#running.child.kill('SIGKILL')
    await this.#ended
  }

  #namedInside(order: WriterOrder): WriterOrder {
    if (!('open' in order)) return order
    const { subject, directory } = order.open
    return { open: { subject, directory: namedInside(this.namespace, directory) } }
  }
}
