import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { Runtime } from '../process/runtime.ts'
import { type RunningScript, startScript } from '../process/start-script.ts'
import type { RecoveryReply, RecoveryRequest } from './recoverer-protocol.ts'

interface Waiting {
  id: number
  resolve: (reply: RecoveryReply) => void
  reject: (error: unknown) => void
}

/** What a recoverer is started with. */
export interface RecovererOptions {
  /** How long one answer may take. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  runtime?: Runtime | undefined
  /** What it is called in messages; `recoverer` unless given. */
  role?: string
}

/**
 * A process that opens the subject in one directory after another, and is never the one that was
 * killed. It is started when it is first needed, and again when it has died.
 */
export class Recoverer {
  readonly #timeoutMs: number
  readonly #signal: AbortSignal | undefined
  readonly #runtime: Runtime | undefined
  readonly #role: string
  #running: RunningScript | undefined
  #waiting: Waiting | undefined
  #lastId = 0
  readonly #ends: Promise<void>[] = []

  constructor({ timeoutMs, signal, runtime, role = 'recoverer' }: RecovererOptions) {
    this.#timeoutMs = timeoutMs
    this.#signal = signal
    this.#runtime = runtime
    this.#role = role
  }

  /**
   * Asks and waits. Throws `CannotJudge` when there is no answer, a `MachineError` when the process
   * can't be started, and what the signal was aborted with.
   */
  async recover(request: Omit<RecoveryRequest, 'id'>): Promise<RecoveryReply> {
    this.#signal?.throwIfAborted()
    const running = this.#running ?? (await this.#start())
    this.#signal?.throwIfAborted()
    const id = ++this.#lastId
    const giveUp = (reason: unknown): void => {
      this.#running = undefined
      running.child.kill('SIGKILL')
      this.#waiting?.reject(reason)
    }
    const timer = setTimeout(
      () => giveUp(new CannotJudge(`the ${this.#role} gave no answer in ${this.#timeoutMs} ms`)),
      this.#timeoutMs,
    )
    const onAbort = (): void => giveUp(this.#signal?.reason)
    this.#signal?.addEventListener('abort', onAbort)
    try {
      return await new Promise<RecoveryReply>((resolve, reject) => {
        this.#waiting = { id, resolve, reject }
        running.orders.write(`${JSON.stringify({ id, ...request })}\n`)
      })
    } finally {
      clearTimeout(timer)
      this.#signal?.removeEventListener('abort', onAbort)
      this.#waiting = undefined
    }
  }

  /** Ends every process that it started; returns when they are gone. */
  async stop(): Promise<void> {
    this.#running?.child.kill('SIGKILL')
    await Promise.all(this.#ends)
  }

  async #start(): Promise<RunningScript> {
    const running = await startScript('kill/recoverer.js', this.#runtime)
    this.#running = running
    const { child, answers, lastWords } = running
    this.#ends.push(new Promise((resolve) => child.once('close', () => resolve())))
    child.on('close', (code, signal) => {
      if (this.#running !== running) return
      this.#running = undefined
      const how = signal ?? `exit code ${code}`
      this.#waiting?.reject(new CannotJudge(`the ${this.#role} ended by ${how}: ${lastWords()}`))
    })
    let unfinished = ''
    answers.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (unfinished + chunk).split('\n')
      unfinished = lines.pop() ?? ''
      for (const line of lines) this.#answer(JSON.parse(line) as RecoveryReply)
    })
    return running
  }

  #answer(reply: RecoveryReply): void {
    // An answer that came too late for its own request must not be taken for the next one's.
    if (reply.id === this.#waiting?.id) this.#waiting.resolve(reply)
  }
}
