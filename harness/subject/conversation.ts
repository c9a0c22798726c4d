import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { endOfChild } from '../process/end-of-child.ts'
import { killGroup } from '../process/kill-group.ts'
import { LastWords } from '../process/last-words.ts'
import { MachineError } from '../process/machine-error.ts'
import { MARK_VARIABLE } from '../process/marked.ts'
import type { SubjectKind } from './change.ts'
import { readLines } from './line-reader.ts'
import { parseAnswer, type Reply, type Request } from './protocol.ts'
import type { Speaker } from './speaker.ts'

/** A request before it is numbered. */
export type Question = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never

/** Why a conversation is over: the process ended, gave no answer in time, or broke a rule of the contract. */
export interface Broke {
  how: 'died' | 'hung' | 'broke-contract'
  /** In a sentence. */
  detail: string
}

/** The replies to what was asked, in order, up to where the conversation broke. */
export interface Exchange {
  replies: Reply[]
  broke: Broke | null
}

export interface ConversationOptions {
  kind: SubjectKind
  /** How long one answer may take. */
  timeoutMs: number
  signal?: AbortSignal | undefined
}

/** The longest line that a subject may answer. */
const MAX_LINE_CHARS = 64 * 1024 * 1024

/** The last line that a subject was sent and has answered, or the first that it has not answered. */
export interface Turn {
  sent: Request
  /** The line that came back; null where none did. */
  cameBack: string | null
}

/** How a process ended once its input had ended. */
export interface Ending {
  endedItself: boolean
  how: string
  leftRunning: number
  saidUnasked: string | null
}

interface Asked {
  request: Request
  resolve: (reply: Reply) => void
  reject: (broke: Broke) => void
}

/**
 * The one conversation with a process that speaks for a subject: lines of JSON, one answer to each, in order.
 * The process leads a group of its own, and all that it starts carries a mark, so that nothing of it outlives
 * `kill`.
 */
export class Conversation {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #orders: Writable
  readonly #options: ConversationOptions
  /** Settles with how many processes it had left running. */
  readonly #ended: Promise<number>
  readonly #asked: Asked[] = []
  readonly #unfinished: () => string
  readonly #lastWords = new LastWords()
  #lastId = 0
  #broke: Broke | null = null
  #killed = false
  #turn: Turn | null = null

  private constructor(
    child: ChildProcess,
    mark: string,
    speaker: Speaker,
    options: ConversationOptions,
  ) {
    this.#child = child
    this.#options = options
    this.pid = child.pid as number
    const stdio = child.stdio as unknown as (Readable & Writable)[]
    this.#orders = stdio[0] as Writable
    // A process that is killed doesn't read its orders to the end.
    this.#orders.on('error', () => {})
    this.#lastWords.listenTo(stdio[2] as Readable)
    if (speaker.answersFd === 3) (stdio[1] as Readable).resume()
    this.#unfinished = readLines(
      stdio[speaker.answersFd] as Readable,
      MAX_LINE_CHARS,
      (line) => this.#hear(line),
      () =>
        this.#break('broke-contract', `it answered a line of over ${MAX_LINE_CHARS} characters`),
    )
    this.#ended = endOfChild(child, mark)
    this.#ended.then(() => this.#onEnded())
  }

  /** Starts the process. Throws a `MachineError` when it can't be started, and what `signal` was aborted with. */
  static async start(speaker: Speaker, options: ConversationOptions): Promise<Conversation> {
    options.signal?.throwIfAborted()
    const [file, ...args] = speaker.command
    const mark = randomUUID()
    const out =
      speaker.answersFd === 3
        ? (['pipe', 'pipe', 'pipe', 'pipe'] as const)
        : (['pipe', 'pipe', 'pipe'] as const)
    try {
      const child = spawn(file, args, {
        cwd: speaker.cwd,
        env: { ...speaker.environment, [MARK_VARIABLE]: mark },
        stdio: [...out],
        detached: true,
      })
      await once(child, 'spawn')
      return new Conversation(child, mark, speaker, options)
    } catch (cause) {
      throw new MachineError(
        'MISSING',
        `${file} could not be started: ${(cause as Error).message}`,
        'Check the command of the subject, and that it can be run from its folder.',
        { cause },
      )
    }
  }

  /** What was said last: what to show of a conversation that broke; null before anything was. */
  get turn(): Turn | null {
    return this.#turn
  }

  /** Whether it can be asked more. */
  get isOpen(): boolean {
    return this.#broke === null && !this.#killed
  }

  /**
   * Asks all of `questions` at once and waits for the answers, which come in order; each has `timeoutMs` from
   * the one before it. Throws what the signal was aborted with.
   */
  async ask(questions: readonly Question[]): Promise<Exchange> {
    this.#options.signal?.throwIfAborted()
    const replies: Reply[] = []
    if (this.#broke !== null) return { replies, broke: this.#broke }
    const waiting = questions.map((question) => this.#send(question))
    const { timeoutMs, signal } = this.#options
    let timer: NodeJS.Timeout | undefined
    const rearm = (): void => {
      clearTimeout(timer)
      timer = setTimeout(
        () => this.#break('hung', `it gave no answer in ${timeoutMs} ms${this.#andUnfinished()}`),
        timeoutMs,
      )
    }
    const onAbort = (): void => this.#break('died', 'the run was stopped')
    signal?.addEventListener('abort', onAbort)
    try {
      for (const each of waiting) {
        rearm()
        replies.push(await each)
      }
      return { replies, broke: null }
    } catch (broke) {
      signal?.throwIfAborted()
      await this.kill()
      return { replies, broke: broke as Broke }
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** Sends SIGKILL to the process group now; `kill` waits for the end and sees to the rest. */
  strike(): void {
    this.#killed = true
    // What is left of its group has been killed at its end, and its number may be another group's by now.
    const { exitCode, signalCode } = this.#child
    if (exitCode === null && signalCode === null) killGroup(this.pid)
  }

  /**
   * Kills the process and all that it started; returns when they are gone, with the signal that ended it or
   * `exit code N` where it had ended by itself.
   */
  async kill(): Promise<string> {
    this.strike()
    await this.#ended
    return this.#child.signalCode ?? `exit code ${this.#child.exitCode}`
  }

  /**
   * Ends its input and waits `timeoutMs` for it to end by itself; then kills what is left. Says how it ended,
   * such as `SIGSEGV` or `exit code 0`, how many processes it had left running, and what it said unasked.
   */
  async end(timeoutMs: number): Promise<Ending> {
    this.#orders.end()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), timeoutMs)
    })
    const endedItself = (await Promise.race([this.#ended, late])) !== 'late'
    clearTimeout(timer)
    this.strike()
    const leftRunning = await this.#ended
    const how = this.#child.signalCode ?? `exit code ${this.#child.exitCode}`
    const saidUnasked = this.#broke?.how === 'broke-contract' ? this.#broke.detail : null
    return { endedItself, how, leftRunning, saidUnasked }
  }

  #send(question: Question): Promise<Reply> {
    const request = { id: ++this.#lastId, ...question } as Request
    const reply = new Promise<Reply>((resolve, reject) => {
      this.#asked.push({ request, resolve, reject })
    })
    // Only the first that is awaited is caught; the others reject with the same reason.
    reply.catch(() => {})
    this.#orders.write(`${JSON.stringify(request)}\n`)
    return reply
  }

  #hear(line: string): void {
    const asked = this.#asked[0]
    if (asked !== undefined) this.#turn = { sent: asked.request, cameBack: line }
    if (asked === undefined) {
      const said = JSON.stringify(line.slice(0, 80))
      this.#break('broke-contract', `it said ${said} without having been asked`)
      return
    }
    const parsed = parseAnswer(this.#options.kind, asked.request, line)
    if ('broken' in parsed) {
      this.#break('broke-contract', parsed.broken)
      return
    }
    this.#asked.shift()
    asked.resolve(parsed.reply)
  }

  #break(how: Broke['how'], detail: string): void {
    if (this.#broke !== null) return
    this.#broke = { how, detail }
    const [asked] = this.#asked
    // A line that breaks the contract is kept as what came back.
    if (asked !== undefined && this.#turn?.sent !== asked.request) {
      this.#turn = { sent: asked.request, cameBack: null }
    }
    if (how !== 'died') this.strike()
    for (const { reject } of this.#asked.splice(0)) reject(this.#broke)
  }

  /** All that it had written before it ended has been read by now. */
  #onEnded(): void {
    const { exitCode, signalCode } = this.#child
    const how = signalCode === null ? `with exit code ${exitCode}` : `by ${signalCode}`
    this.#break(
      'died',
      this.#killed ? 'it was killed' : `it ended ${how}${this.#lastWords.behindColon()}`,
    )
  }

  #andUnfinished(): string {
    const unfinished = this.#unfinished()
    if (unfinished === '') return this.#lastWords.behindColon()
    return `: it wrote ${JSON.stringify(unfinished.slice(0, 80))}, and no newline behind it`
  }
}
