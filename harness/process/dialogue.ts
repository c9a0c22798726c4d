import type { ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LastWords } from './last-words.ts'
import { holdLimit } from './limit.ts'
import { readLines } from './line-reader.ts'

/** Why a dialogue is over: the process ended, gave no answer in time, or broke a rule of the protocol. */
export interface Broke {
  how: 'died' | 'hung' | 'broke-contract'
  /** In a sentence. */
  detail: string
}

/** The replies to what was asked, in order, up to where the dialogue broke. */
export interface Exchange<Reply> {
  replies: Reply[]
  broke: Broke | null
}

/** The last line that a process was sent and has answered, or the first that it has not answered. */
export interface Turn<Request> {
  sent: Request
  /** The line that came back; null where none did. */
  cameBack: string | null
}

/** A process that answers lines, and how it is ended. */
export interface Partner {
  child: ChildProcess
  orders: Writable
  answers: Readable
  lastWords: LastWords
  /** Settles when it is gone, and all that it had written has been read. */
  ended: Promise<unknown>
  /** Sends SIGKILL to it, and to all that belongs to it. */
  strike: () => void
}

export interface DialogueOptions<Request, Reply> {
  /** Reads the line that answers a request, or says in a sentence which rule it breaks. Must not throw. */
  understand: (request: Request, line: string) => { reply: Reply } | { broken: string }
  /** How long one answer may take. */
  timeoutMs: number
  signal?: AbortSignal | undefined
}

/** A request before it is numbered. */
export type Unnumbered<Request> = Request extends { id: number } ? Omit<Request, 'id'> : never

/** The longest line that a process may answer. */
const MAX_LINE_CHARS = 64 * 1024 * 1024

/** How long a process that was killed is waited for: what it holds open keeps its volume busy. */
const END_MS = 5000

interface Asked<Request, Reply> {
  request: Request
  resolve: (reply: Reply) => void
  reject: (broke: Broke) => void
}

/** The one way to talk with a child: lines of JSON, one answer to each, in order, each within its time. */
export class Dialogue<Request extends { id: number }, Reply> {
  readonly pid: number
  readonly #partner: Partner
  readonly #options: DialogueOptions<Request, Reply>
  readonly #asked: Asked<Request, Reply>[] = []
  readonly #unfinished: () => string
  #lastId = 0
  #broke: Broke | null = null
  #killed = false
  #turn: Turn<Request> | null = null

  constructor(partner: Partner, options: DialogueOptions<Request, Reply>) {
    this.#partner = partner
    this.#options = options
    this.pid = partner.child.pid as number
    // A process that is killed doesn't read its orders to the end.
    partner.orders.on('error', () => {})
    this.#unfinished = readLines(
      partner.answers,
      MAX_LINE_CHARS,
      (line) => this.#hear(line),
      () =>
        this.#break('broke-contract', `it answered a line of over ${MAX_LINE_CHARS} characters`),
    )
    partner.ended.then(() => this.#onEnded())
  }

  /** What was said last: what to show of a dialogue that broke; null before anything was. */
  get turn(): Turn<Request> | null {
    return this.#turn
  }

  /** Whether it can be asked more. */
  get isOpen(): boolean {
    return this.#broke === null && !this.#killed
  }

  /** Why it can't be asked more; null while it can, and where it was killed before it broke. */
  get broke(): Broke | null {
    return this.#broke
  }

  /**
   * Asks all of `questions` at once and waits for the answers, which come in order; each has `timeoutMs` from
   * the one before it. A process that broke the dialogue is killed. Throws what the signal was aborted with.
   */
  async ask(questions: readonly Unnumbered<Request>[]): Promise<Exchange<Reply>> {
    const { timeoutMs, signal } = this.#options
    signal?.throwIfAborted()
    const replies: Reply[] = []
    if (this.#broke !== null) return { replies, broke: this.#broke }
    const waiting = this.#send(questions)
    const giveUp = (): void => {
      if (signal?.aborted === true) this.#break('died', 'the run was stopped')
      else this.#break('hung', `it gave no answer in ${timeoutMs} ms${this.#andUnfinished()}`)
    }
    try {
      for (const each of waiting) {
        const held = holdLimit({ timeoutMs, signal }, giveUp)
        replies.push(await each.finally(() => held.lift()))
      }
      return { replies, broke: null }
    } catch (broke) {
      this.strike()
      signal?.throwIfAborted()
      await Promise.race([this.#partner.ended, sleep(END_MS, undefined, { ref: false })])
      return { replies, broke: broke as Broke }
    }
  }

  /** Sends SIGKILL now; `kill` waits for the end. */
  strike(): void {
    this.#killed = true
    this.#partner.strike()
  }

  /**
   * Kills the process and all that it started; returns when they are gone, with the signal that ended it or
   * `exit code N` where it had ended by itself.
   */
  async kill(): Promise<string> {
    this.strike()
    await this.#partner.ended
    const { signalCode, exitCode } = this.#partner.child
    return signalCode ?? `exit code ${exitCode}`
  }

  #send(questions: readonly Unnumbered<Request>[]): Promise<Reply>[] {
    const requests = questions.map(
      (each) => ({ id: ++this.#lastId, ...each }) as unknown as Request,
    )
    const waiting = requests.map((request) => {
      const reply = new Promise<Reply>((resolve, reject) => {
        this.#asked.push({ request, resolve, reject })
      })
      // Only the first that is awaited is caught; the others reject with the same reason.
      reply.catch(() => {})
      return reply
    })
    this.#partner.orders.write(requests.map((each) => `${JSON.stringify(each)}\n`).join(''))
    return waiting
  }

  #hear(line: string): void {
    const asked = this.#asked[0]
    if (asked !== undefined) this.#turn = { sent: asked.request, cameBack: line }
    if (asked === undefined) {
      const said = JSON.stringify(line.slice(0, 80))
      this.#break('broke-contract', `it said ${said} without having been asked`)
      return
    }
    const understood = this.#options.understand(asked.request, line)
    if ('broken' in understood) {
      this.#break('broke-contract', understood.broken)
      return
    }
    this.#asked.shift()
    asked.resolve(understood.reply)
  }

  #break(how: Broke['how'], detail: string): void {
    if (this.#broke !== null) return
    this.#broke = { how, detail }
    const [asked] = this.#asked
    // A line that breaks the protocol is kept as what came back.
    if (asked !== undefined && this.#turn?.sent !== asked.request) {
      this.#turn = { sent: asked.request, cameBack: null }
    }
    if (how !== 'died') this.strike()
    for (const { reject } of this.#asked.splice(0)) reject(this.#broke)
  }

  /** All that it had written before it ended has been read by now. */
  #onEnded(): void {
    const { exitCode, signalCode } = this.#partner.child
    const how = signalCode === null ? `with exit code ${exitCode}` : `by ${signalCode}`
    const words = this.#partner.lastWords.behindColon()
    this.#break('died', this.#killed ? 'it was killed' : `it ended ${how}${words}`)
  }

  #andUnfinished(): string {
    const unfinished = this.#unfinished()
    if (unfinished === '') return this.#partner.lastWords.behindColon()
    return `: it wrote ${JSON.stringify(unfinished.slice(0, 80))}, and no newline behind it`
  }
}
