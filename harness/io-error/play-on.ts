import { setTimeout as sleep } from 'node:timers/promises'
import type { PlannedHistory } from '../plan/planned-history.ts'
import type { Change, Contents, SentChange } from '../subject/change.ts'
import type { Conversation, Question } from '../subject/conversation.ts'
import type { Sequel } from './cases.ts'

/** Where a history is played, and the error that it meets. */
export interface Stage {
  /** As the subject's process finds it. */
  directory: string
  /** A process that speaks for the subject: the one that is there, or where that is gone a new one. */
  talk(): Promise<Conversation>
  /** Whether the error has struck by now; asked behind each answer, and told whether that was a refusal. */
  hasStruck(wasRefused: boolean): boolean
  /** Whether it goes on until it is lifted. */
  lasts: boolean
  /** Lifts it. */
  lift(): void
  /** Whether the file system is of no use any more, so that no other process could do better there; it is not unless given. */
  isBroken?(): boolean
  /** Is called when a change was answered with success, before anything else is asked. */
  onAcked?: (history: readonly SentChange[]) => void
  /** Is called behind each answer with what was asked, and whether that was refused. */
  onAnswer?: (during: string, wasRefused: boolean) => void
  /** Is called while the subject is closed behind the change that met the error, before it is opened again. */
  onClosed?: (history: readonly SentChange[]) => Promise<void>
  /** Whether a process that was closed is ended, so that nothing of it can be in the way of the next opening. */
  endsWhenClosed: boolean
  /** How long opening may be refused; 0 for not at all. */
  patienceMs: number
}

/** When the error struck. */
export interface Struck {
  /** What the subject was asked meanwhile, such as `put 3`. */
  during: string
  /** The place in the history (from 0) of the change that met it; null where that was an opening or a closing. */
  change: number | null
  /** How many changes had been sent before it. */
  sent: number
  /** The message with which that was refused; null where it was answered with success. */
  refused: string | null
}

/** What became of a history that met an error. */
export interface PlayedOn {
  history: SentChange[]
  /** How many changes had been sent at each opening. */
  openings: number[]
  /** Null where the error did not strike. */
  struck: Struck | null
  /** What the living process read, and how many changes had been sent by then. */
  readings: { contents: Contents; sent: number }[]
  /** What was refused, or went wrong, though nothing had struck; null where nothing. */
  before: string | null
  /** That an answer was not given in its time, in a sentence; null where all were. */
  hung: string | null
  /** Whether the last closing was answered with success: what is left is at rest. */
  closed: boolean
  /** Whether its process may hold it open at the end. */
  mayBeOpen: boolean
}

/** So many changes are asked for under an error that lasts: the one that met it, and the next. */
const UNDER_THE_ERROR = 2
/** So many refusals in a row, with the error over, and the subject is reopened. */
const REFUSED_IN_A_ROW = 2
const RETRY_MS = 100

/** Ends the play: there is no more to be learned from it. */
class Over extends Error {}

class Player {
  readonly played: PlayedOn = {
    history: [],
    openings: [],
    readings: [],
    struck: null,
    before: null,
    hung: null,
    closed: false,
    mayBeOpen: false,
  }
  readonly #stage: Stage
  readonly #sequel: Sequel
  #conversation: Conversation | undefined
  #isOpen = false
  #answersUnderError = 0
  #isLifted = false
  #refusedInARow = 0

  constructor(stage: Stage, sequel: Sequel) {
    this.#stage = stage
    this.#sequel = sequel
  }

  /** An opening, its changes and its closing. */
  async session(changes: readonly Change[], reads: boolean): Promise<void> {
    await this.#open()
    for (const change of changes) await this.#change(change)
    this.#lift()
    if (reads) await this.#read()
    await this.#close()
  }

  /** What is answered with success must be what it says, also where a read beneath it failed. */
  async #read(): Promise<void> {
    if (!this.#isOpen) return
    const { history, readings } = this.played
    await this.#ask('read', { do: 'read' }, undefined, (contents) =>
      readings.push({ contents, sent: history.length }),
    )
  }

  /** Opens it, again behind an error, and then by a new process. Throws `Over` where it stays closed. */
  async #open(): Promise<void> {
    for (const isNew of [false, false, true]) {
      if (isNew) {
        if (this.#stage.isBroken?.() === true) throw new Over()
        await this.#conversation?.kill()
        this.played.mayBeOpen = false
      }
      if (await this.#openOnce()) return
      if (this.played.struck === null) throw new Over()
      this.#lift()
    }
    throw new Over()
  }

  async #openOnce(): Promise<boolean> {
    const { directory, patienceMs } = this.#stage
    const untilMs = performance.now() + patienceMs
    this.played.closed = false
    for (;;) {
      const answer = await this.#ask('open', { do: 'open', directory })
      this.#isOpen = answer
      this.played.mayBeOpen ||= answer
      if (answer) this.played.openings.push(this.played.history.length)
      if (answer || performance.now() >= untilMs) return answer
      await sleep(RETRY_MS)
    }
  }

  async #change(change: Change): Promise<void> {
    if (!this.#isOpen) await this.#open()
    const { history } = this.played
    const had = this.played.struck
    const wasOver = this.#isOver
    const isDone = await this.#ask(`${change.do} ${history.length + 1}`, change, change)
    if (isDone) this.#stage.onAcked?.(history)
    const { struck } = this.played
    if (struck === null) return
    // What is refused under an error that lasts says nothing of the subject behind it.
    this.#refusedInARow = isDone || !wasOver ? 0 : this.#refusedInARow + 1
    this.#answersUnderError += 1
    if (had === null && this.#sequel === 'reopens') return await this.#reopen()
    if (this.#answersUnderError >= UNDER_THE_ERROR) this.#lift()
    if (this.#refusedInARow >= REFUSED_IN_A_ROW && this.#isOpen) {
      this.#refusedInARow = 0
      await this.#close()
    }
  }

  /** Closes it behind the change that met the error, has it looked at, and opens it again. */
  async #reopen(): Promise<void> {
    this.#lift()
    if (this.#isOpen) await this.#close()
    // What could not be closed goes on, and may hold a lock.
    if (this.#stage.endsWhenClosed || !this.played.closed) await this.#conversation?.kill()
    await this.#stage.onClosed?.(this.played.history)
    await this.#open()
  }

  /** A closing may be refused: what was acknowledged before must be there all the same. */
  async #close(): Promise<void> {
    this.played.closed = false
    if (!this.#isOpen) return
    this.#isOpen = false
    this.played.closed = await this.#ask('close', { do: 'close' })
    if (this.played.closed) this.played.mayBeOpen = false
  }

  /** Whether the next change meets no error any more: one that strikes once is over with the change that it met. */
  get #isOver(): boolean {
    return this.#isLifted || !this.#stage.lasts
  }

  #lift(): void {
    if (this.#isLifted || !this.#stage.lasts || this.played.struck === null) return
    this.#isLifted = true
    this.#stage.lift()
  }

  /** Asks one thing; whether it was answered with success. Throws `Over` where nothing follows from what comes next. */
  async #ask(
    during: string,
    question: Question,
    change?: Change,
    onContents: (contents: Contents) => void = () => {},
  ): Promise<boolean> {
    const { played } = this
    this.#conversation = await this.#stage.talk()
    const { replies, broke } = await this.#conversation.ask([question])
    const [reply] = replies
    if (reply?.ok && reply.contents !== null) onContents(reply.contents)
    const refused = reply === undefined ? (broke?.detail ?? null) : reply.ok ? null : reply.message
    this.#stage.onAnswer?.(during, refused !== null)
    if (change !== undefined) {
      played.history.push({ change, outcome: refused === null ? 'acked' : 'unknown' })
    }
    if (broke !== null) {
      this.#isOpen = false
      played.mayBeOpen = false
    }
    if (played.struck === null && this.#stage.hasStruck(refused !== null)) {
      const at = change === undefined ? null : played.history.length - 1
      played.struck = { during, change: at, sent: at ?? played.history.length, refused }
    }
    if (broke?.how === 'hung') {
      played.hung = `${during}: ${broke.detail}`
      throw new Over()
    }
    if (refused !== null && played.struck === null) {
      played.before = `${during} was refused: ${refused}`
      throw new Over()
    }
    return refused === null
  }
}

/**
 * Has a subject play a history that meets an error, and go on behind it: what is refused is told in the history, a
 * process that ended is followed by a new one, and an error that lasts is lifted behind the next change. A subject that
 * refuses twice once the error is over is closed and opened again. Throws as `talk` and `Conversation.ask` do.
 */
export async function playOn(
  stage: Stage,
  { sessions, reads = false }: PlannedHistory,
  sequel: Sequel,
): Promise<PlayedOn> {
  const player = new Player(stage, sequel)
  try {
    for (const changes of sessions) await player.session(changes, reads)
  } catch (error) {
    if (!(error instanceof Over)) throw error
  }
  return player.played
}
