import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { type MountNamespace, namedInside } from '../process/namespace.ts'
import type { Runtime } from '../process/runtime.ts'
import { type RunningScript, startScript } from '../process/start-script.ts'
import type { SubjectHome } from './home.ts'
import type { RecovererLine, RecoveryReply, RecoveryRequest } from './recoverer-protocol.ts'
import { RecoveryGone } from './recovery-gone.ts'

interface Waiting {
  id: number
  /** Whether it has begun to open the subject: what happens from then on can be the subject's doing. */
  begun: boolean
  resolve: (reply: RecoveryReply) => void
  reject: (error: unknown) => void
}

/** What a recoverer is started with. */
export interface RecovererOptions {
  /** Where its subjects are at home. */
  home: SubjectHome
  /** How long one answer may take. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  runtime?: Runtime | undefined
  /** Where the directories are mounted; where this process is unless given. */
  namespace?: MountNamespace | undefined
  /** What it is called in messages; `recoverer` unless given. */
  role?: string
}

/** How often the kernel has killed a process for want of memory since it was booted; 0 where it doesn't say. */
function outOfMemoryKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** How long a process that was killed is waited for: what it holds open keeps its volume busy. */
const END_MS = 5000

/**
 * A process that opens the subject in one directory after another, and is never the one that was
 * killed. It is started when it is first needed, and again when it has died.
 */
export class Recoverer {
  readonly #options: RecovererOptions
  readonly #role: string
  #running: RunningScript | undefined
  #waiting: Waiting | undefined
  #lastId = 0
  readonly #ends = new Set<Promise<void>>()

  constructor(options: RecovererOptions) {
    this.#options = options
    this.#role = options.role ?? 'recoverer'
  }

  /** Another one like it, which shares no process with it. */
  another(): Recoverer {
    return new Recoverer(this.#options)
  }

  /**
   * Asks and waits; the directory is named from outside of the namespace. Throws `RecoveryGone` when the
   * process dies over the subject or gives no answer, `CannotJudge` when that was not the subject's doing, a
   * `MachineError` when the process can't be started, and what the signal was aborted with.
   */
  async recover(request: Omit<RecoveryRequest, 'id'>): Promise<RecoveryReply> {
    const { signal, timeoutMs, namespace } = this.#options
    signal?.throwIfAborted()
    const running = this.#running ?? (await this.#start())
    signal?.throwIfAborted()
    const id = ++this.#lastId
    const waiting: Waiting = { id, begun: false, resolve: () => {}, reject: () => {} }
    const giveUp = (): void => {
      this.#running = undefined
      running.child.kill('SIGKILL')
    }
    const onTimeout = async (): Promise<void> => {
      // What it answers from now on is too late.
      this.#waiting = undefined
      giveUp()
      await Promise.race([Promise.all(this.#ends), sleep(END_MS, undefined, { ref: false })])
      waiting.reject(this.#gone(waiting, `gave no answer in ${timeoutMs} ms`))
    }
    const onAbort = (): void => {
      giveUp()
      waiting.reject(signal?.reason)
    }
    const timer = setTimeout(onTimeout, timeoutMs)
    signal?.addEventListener('abort', onAbort)
    try {
      return await new Promise<RecoveryReply>((resolve, reject) => {
        this.#waiting = Object.assign(waiting, { resolve, reject })
        const directory = namedInside(namespace, request.directory)
        running.orders.write(`${JSON.stringify({ id, ...request, directory })}\n`)
      })
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      this.#waiting = undefined
    }
  }

  /** Ends every process that it started; returns when they are gone. */
  async stop(): Promise<void> {
    this.#running?.child.kill('SIGKILL')
    await Promise.all(this.#ends)
  }

  async #start(): Promise<RunningScript> {
    const { home, runtime, namespace } = this.#options
    const killsBefore = outOfMemoryKills()
    const running = await startScript(home.script('recoverer'), runtime, namespace)
    this.#running = running
    const { child, answers, lastWords } = running
    const end = new Promise<void>((resolve) => child.once('close', () => resolve()))
    this.#ends.add(end)
    child.on('close', (code, signal) => {
      this.#ends.delete(end)
      if (this.#running !== running) return
      this.#running = undefined
      const waiting = this.#waiting
      if (waiting === undefined) return
      const how = `ended by ${signal ?? `exit code ${code}`}: ${lastWords()}`
      const starved = signal === 'SIGKILL' && outOfMemoryKills() > killsBefore
      waiting.reject(
        starved
          ? new CannotJudge(`the ${this.#role} was killed when the machine had no memory left`)
          : this.#gone(waiting, how),
      )
    })
    let unfinished = ''
    answers.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (unfinished + chunk).split('\n')
      unfinished = lines.pop() ?? ''
      for (const line of lines) this.#hear(JSON.parse(line) as RecovererLine)
    })
    return running
  }

  #gone({ begun }: Waiting, how: string): CannotJudge {
    const message = `the ${this.#role} ${how}`
    return begun ? new RecoveryGone(message) : new CannotJudge(message)
  }

  #hear(line: RecovererLine): void {
    const waiting = this.#waiting
    // An answer that came too late for its own request must not be taken for the next one's.
    if (line.id !== waiting?.id) return
    if ('begun' in line) waiting.begun = true
    else waiting.resolve(line)
  }
}
