import { lstatSync, mkdirSync, readdirSync, realpathSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { changesOf } from '../../plan/changes.ts'
import type { Adoption } from '../../process/adoption.ts'
import type { Exchange } from '../../process/dialogue.ts'
import { killHolders } from '../../process/open-files.ts'
import { isWithin } from '../../volume/mounts.ts'
import type { Change, Contents } from '../change.ts'
import { Conversation, type Question } from '../conversation.ts'
import { DEFAULT_ANSWER_MS, type DescribedSubject } from '../description.ts'
import type { Reply } from '../protocol.ts'
import { speakerOf } from '../speak.ts'
import { contentsInWords, differenceInWords, sameContents, stateAfter } from '../state.ts'
import { firstDifference } from './difference.ts'
import { excerptsOf, lineExcerpt } from './excerpt.ts'

const SEED = 1
const FLUSH_HINT =
  '; each answer needs a newline behind it, and a flush, since standard output is a pipe'

/** What was sent and what came back where a rule is broken, each cut where it is long. */
export interface Evidence {
  sent: string
  cameBack: string
}

/** Leaves a rule at what breaks it. */
export class Broken extends Error {
  readonly evidence: Evidence | null

  constructor(message: string, evidence: Evidence | null = null) {
    super(message)
    this.evidence = evidence
  }
}

export interface SceneOptions {
  /** A folder for the check alone. */
  scratch: string
  adoption: Adoption
  signal?: AbortSignal | undefined
}

/** Where a subject is checked: its directory, the process that speaks for it, and the changes made so far. */
export class Scene {
  readonly subject: DescribedSubject
  readonly signal: AbortSignal | undefined
  /** Its directory, which stands at this path throughout. */
  readonly directory: string
  /** What it is told to be the place for temporary files. */
  readonly temporary: string
  readonly scratch: string
  readonly directoryBefore: Stats
  /** The names in the folder of the description. */
  readonly folderBefore: ReadonlySet<string>
  /** What is no breach and worth knowing, in sentences. */
  readonly notes: string[] = []
  readonly made: Change[] = []
  readonly #adoption: Adoption
  readonly #changes: Change[]
  readonly #conversations: Conversation[] = []
  #talk: Conversation | undefined

  constructor(subject: DescribedSubject, options: SceneOptions, changes: number) {
    const { scratch, signal, adoption } = options
    this.subject = subject
    this.#adoption = adoption
    this.signal = signal
    // Processes are found by the canonical paths of what they have open.
    this.scratch = realpathSync(scratch)
    this.directory = join(this.scratch, 'subject')
    this.temporary = join(this.scratch, 'tmp')
    mkdirSync(this.directory)
    mkdirSync(this.temporary)
    this.directoryBefore = lstatSync(this.directory)
    this.folderBefore = new Set(readdirSync(subject.folder))
    const { kind } = subject.description
    this.#changes = changesOf({ kind, seed: SEED, round: 1, changes })
  }

  /** The process that speaks for it. */
  get talk(): Conversation {
    return this.#talk as Conversation
  }

  /** Starts another process that speaks for the subject. */
  async another(): Promise<Conversation> {
    const { kind, timeoutMs = DEFAULT_ANSWER_MS } = this.subject.description
    const speaker = speakerOf(this.subject)
    const environment = { TMPDIR: this.temporary, ...speaker.environment }
    const talk = await Conversation.start(
      { ...speaker, environment },
      { kind, timeoutMs, signal: this.signal },
    )
    this.#conversations.push(talk)
    return talk
  }

  /** Starts the process that speaks for it from now on, and opens its directory. */
  async start(): Promise<void> {
    this.#talk = await this.another()
    await this.open()
  }

  async open(): Promise<void> {
    await this.ask({ do: 'open', directory: this.directory })
  }

  /** Asks one thing after another; throws `Broken` where an answer says no, or the conversation breaks. */
  async ask(...questions: Question[]): Promise<Exchange<Reply>> {
    return await this.askOf(this.talk, ...questions)
  }

  async askOf(talk: Conversation, ...questions: Question[]): Promise<Exchange<Reply>> {
    const exchange = await talk.ask(questions)
    const { replies, broke } = exchange
    const at = replies.findIndex((reply) => !reply.ok)
    const refusal = replies[at]
    if (refusal !== undefined && !refusal.ok) {
      const sentence = `${questions[at]?.do} was refused without a fault: ${refusal.message}`
      throw new Broken(sentence, this.#evidenceOf(talk))
    }
    if (broke === null) return exchange
    const hint = broke.how === 'hung' && this.#isSilent(talk) ? FLUSH_HINT : ''
    throw new Broken(`${broke.detail}${hint}`, this.#evidenceOf(talk))
  }

  async read(talk = this.talk): Promise<Contents> {
    const [reply] = (await this.askOf(talk, { do: 'read' })).replies
    return (reply as { contents: Contents }).contents
  }

  /** Throws `Broken` unless it holds what `made` leads to. */
  async expectContents(made: readonly Change[] = this.made, talk = this.talk): Promise<void> {
    const expected = stateAfter(this.subject.description.kind, made)
    const seen = await this.read(talk)
    if (sameContents(expected, seen)) return
    if (made.length === 0) throw new Broken(`before any change it holds ${contentsInWords(seen)}`)
    const sentence = `after ${made.length} changes it holds ${differenceInWords(expected, seen)}`
    throw new Broken(sentence, this.compare(seen, made))
  }

  /** What was sent and what came back, where contents first differ from what `made` leads to. */
  compare(seen: Contents, made: readonly Change[] = this.made): Evidence {
    const expected = stateAfter(this.subject.description.kind, made)
    const difference = firstDifference(expected, seen)
    const [sent, cameBack] = excerptsOf(difference.sent, difference.cameBack)
    return { sent, cameBack }
  }

  /** Makes the next changes, `atOnce` of which are sent before the first is answered. */
  async make(count: number, atOnce = 1): Promise<void> {
    const end = Math.min(this.made.length + count, this.#changes.length)
    while (this.made.length < end) {
      const until = Math.min(this.made.length + atOnce, end)
      const changes = this.#changes.slice(this.made.length, until)
      await this.ask(...changes)
      this.made.push(...changes)
    }
  }

  /** Kills every process that still runs. */
  async stop(): Promise<void> {
    for (const talk of this.#conversations) await talk.kill()
    this.killForgotten(this.scratch)
  }

  /**
   * Kills what a process left running that has ended: it can have left its group, its environment and its pipes,
   * but it works in `directory`, or it is an orphan. Returns how many there were.
   */
  killForgotten(directory: string): number {
    return killHolders((path) => isWithin(directory, path)) + this.#adoption.killAdopted()
  }

  /** Whether a command has not said a word: the commonest mistake is an answer that waits in a buffer. */
  #isSilent({ turn }: Conversation): boolean {
    const isFirst = turn?.sent.id === 1 && turn.cameBack === null
    return isFirst && 'command' in this.subject.description
  }

  #evidenceOf({ turn }: Conversation): Evidence | null {
    if (turn === null) return null
    const { sent, cameBack } = turn
    return {
      sent: lineExcerpt(JSON.stringify(sent)),
      cameBack: cameBack === null ? 'nothing' : lineExcerpt(cameBack),
    }
  }
}
