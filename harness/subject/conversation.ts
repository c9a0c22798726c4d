import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Dialogue, type Partner, type Unnumbered } from '../process/dialogue.ts'
import { endOfChild } from '../process/end-of-child.ts'
import { signalGroup } from '../process/kill-group.ts'
import { LastWords } from '../process/last-words.ts'
import { MachineError } from '../process/machine-error.ts'
import { MARK_VARIABLE } from '../process/marked.ts'
import type { SubjectKind } from './change.ts'
import { parseAnswer, type Reply, type Request } from './protocol.ts'
import type { Speaker } from './speaker.ts'

/** A request before it is numbered. */
export type Question = Unnumbered<Request>

export interface ConversationOptions {
  kind: SubjectKind
  /** How long one answer may take. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** Kills what the process leaves running at its end, and returns how many there were; found by a mark unless given. */
  killLeft?: (() => number) | undefined
}

/** How a process ended once its input had ended. */
export interface Ending {
  endedItself: boolean
  how: string
  leftRunning: number
  saidUnasked: string | null
}

/** A process that speaks for a subject; `ended` settles with how many processes it had left running. */
type SubjectProcess = Partner & { ended: Promise<number> }

/** Starts the process, which leads a group of its own. Throws what `spawn` reports. */
async function startSpeaker(
  speaker: Speaker,
  killLeft: (() => number) | undefined,
): Promise<SubjectProcess> {
  const [file, ...args] = speaker.command
  const mark = randomUUID()
  const child = spawn(file, args, {
    cwd: speaker.cwd,
    env: { ...speaker.environment, [MARK_VARIABLE]: mark },
    stdio: speaker.answersFd === 3 ? ['pipe', 'pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  await once(child, 'spawn')
  const stdio = child.stdio as unknown as Readable[]
  const [, out, complaints] = stdio as [Readable, Readable, Readable]
  if (speaker.answersFd === 3) out.resume()
  const lastWords = new LastWords()
  lastWords.listenTo(complaints)
  return {
    child,
    orders: child.stdin as Writable,
    answers: stdio[speaker.answersFd] as Readable,
    lastWords,
    ended: endOfChild(child, mark, killLeft),
    strike: () => signalTo(child, 'SIGKILL'),
  }
}

/** What is left of its group has been killed at its end, and its number may be another group's by now. */
function signalTo({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (exitCode === null && signalCode === null) signalGroup(pid as number, signal)
}

/**
 * The contract's dialogue with a process that speaks for a subject. The process leads a group of its own, and all
 * that it starts carries a mark, so that nothing of it outlives `kill`.
 */
export class Conversation extends Dialogue<Request, Reply> {
  readonly #process: SubjectProcess

  private constructor(process: SubjectProcess, { kind, ...limit }: ConversationOptions) {
    super(process, { ...limit, understand: (request, line) => parseAnswer(kind, request, line) })
    this.#process = process
  }

  /** Starts the process. Throws a `MachineError` when it can't be started, and what `signal` was aborted with. */
  static async start(speaker: Speaker, options: ConversationOptions): Promise<Conversation> {
    options.signal?.throwIfAborted()
    try {
      return new Conversation(await startSpeaker(speaker, options.killLeft), options)
    } catch (cause) {
      throw new MachineError(
        'MISSING',
        `${speaker.command[0]} could not be started: ${(cause as Error).message}`,
        'Check the command of the subject, and that it can be run from its folder.',
        { cause },
      )
    }
  }

  /** Stops the process and its group until `resume`: what it would do meanwhile, it does then. */
  pause(): void {
    signalTo(this.#process.child, 'SIGSTOP')
  }

  resume(): void {
    signalTo(this.#process.child, 'SIGCONT')
  }

  /**
   * Ends its input and waits `timeoutMs` for it to end by itself; then kills what is left. Says how it ended,
   * such as `SIGSEGV` or `exit code 0`, how many processes it had left running, and what it said unasked.
   */
  async end(timeoutMs: number): Promise<Ending> {
    const { orders, ended } = this.#process
    orders.end()
    const late = new AbortController()
    const endedItself = await Promise.race([
      ended.then(() => true),
      sleep(timeoutMs, false, { signal: late.signal }).catch(() => false),
    ])
    late.abort()
    const how = await this.kill()
    const saidUnasked = this.broke?.how === 'broke-contract' ? this.broke.detail : null
    return { endedItself, how, leftRunning: await ended, saidUnasked }
  }
}
