import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SeenRecovery } from '../oracle/judge-recovery.ts'
import type { Operation } from '../passthrough/operation.ts'
import { type Observation, Passthrough } from '../passthrough/passthrough.ts'
import type { PassthroughPlan } from '../passthrough/plan.ts'
import type { PlannedHistory } from '../plan/planned-history.ts'
import { childrenOf } from '../process/children-of.ts'
import { isStopped } from '../process/is-stopped.ts'
import { openFilesOf } from '../process/open-files.ts'
import { Conversation } from '../subject/conversation.ts'
import { DEFAULT_ANSWER_MS, type DescribedSubject } from '../subject/description.ts'
import { seeRecovery, Talker } from '../subject/see-recovery.ts'
import { runSetup } from '../subject/set-up.ts'
import { speakerOf } from '../subject/speak.ts'
import { type CountedOperation, countedOperation } from './counted-operation.ts'
import { type PlayedHistory, playHistory } from './play-history.ts'
import { type Answer, type SilentChanges, silentChanges } from './silent-changes.ts'

/** The subject's folder in the directory that is served: the same for every case, since programs keep paths. */
const FOLDER = 'subject'

/** How long each thread of a process may take until it is stopped. */
const STOPPED_MS = 200

export interface LaneOptions {
  subject: DescribedSubject
  /** The folder that is served, on the file system under test. */
  folder: string
  /** How long an answer may take of a process that plays a history; what the subject says unless given. */
  timeoutMs?: number
  signal?: AbortSignal | undefined
}

/** What was seen of a subject that played a history. */
export interface Performance extends PlayedHistory, Observation {
  /** How its process ended, such as `SIGKILL`. */
  ended: string
}

/** What was counted of a history. */
export interface Count {
  operations: CountedOperation[]
  silent: SilentChanges
  /** Why it can't be counted, in a sentence; null where it was. */
  problem: string | null
}

/** A directory whose operations are seen, where one subject after another plays a history. */
export class OperationLane {
  /** The directory, and the orders that it is given. */
  readonly served: Passthrough
  readonly #options: LaneOptions
  /** The processes that recover, kept from one opening to the next where the subject allows it. */
  readonly talker: Talker
  #keepsTalker = true

  private constructor(served: Passthrough, options: LaneOptions) {
    this.served = served
    this.#options = options
    this.talker = this.newTalker()
  }

  /** Makes one. Throws as `Passthrough.create`. */
  static async create(options: LaneOptions): Promise<OperationLane> {
    const { folder, signal } = options
    const served = await Passthrough.create({
      ...(signal === undefined ? {} : { signal }),
      backing: folder,
    })
    return new OperationLane(served, options)
  }

  /** The subject's directory, as it finds it. */
  get directory(): string {
    return join(this.served.mountPoint, FOLDER)
  }

  /** The same directory for this process, which must not touch what it serves. */
  get backing(): string {
    return join(this.served.backing, FOLDER)
  }

  /** To be called when what a process saw that had opened other histories is not what a new one sees. */
  keepNoTalker(): void {
    this.#keepsTalker = false
  }

  /** Other processes that recover than those that are kept. */
  newTalker(): Talker {
    return new Talker(this.#fresh, () => this.#start())
  }

  /** Processes whose operations are seen while an observation goes on; a new one for each opening if `fresh`. */
  newWriter({ fresh = this.#fresh } = {}): Talker {
    return new Talker(fresh, () => this.#start(true))
  }

  get #fresh(): boolean {
    return this.#options.subject.description.fresh ?? false
  }

  /**
   * Makes the directory anew: empty, and set up as the subject wants it. Returns what went wrong, in a sentence; null when
   * nothing did. Throws a `MachineError`, and what the signal was aborted with.
   */
  async prepare({ madeLongAgo }: Pick<PlannedHistory, 'madeLongAgo'>): Promise<string | null> {
    const { subject } = this.#options
    await this.#restTalker()
    this.vacate()
    this.served.makeFolder(FOLDER)
    const problem = await runSetup(subject, this.directory, this.#options.signal)
    if (problem !== null) return `its setup fails: ${problem}`
    if (!madeLongAgo) return null
    const empty = { round: 0, madeLongAgo, sessions: [[]] }
    const { refused, broke } = await playHistory(await this.talker.talk(), empty, this.directory)
    return refused ?? broke?.detail ?? null
  }

  /** Recovers what is in the directory, by processes of `talker`'s. Throws as `seeRecovery`. */
  async see(talker: Talker, { inFull }: { inFull: boolean }): Promise<SeenRecovery> {
    return await seeRecovery({
      subject: this.#options.subject,
      directory: this.backing,
      directoryInside: this.directory,
      talk: () => talker.talk(),
      inFull,
    })
  }

  /** Throws a `MachineError` where the directory was not served as it should be: what was seen in it says nothing then. */
  assertServing(): void {
    this.served.assertServing()
  }

  /** Removes the directory. Only while no process of the subject is there. */
  vacate(): void {
    this.served.removeFolder(FOLDER)
  }

  /**
   * Lets the subject play a history in its directory, and strikes it as planned. Throws a `MachineError`, and what the
   * signal was aborted with.
   */
  async perform(
    planned: PlannedHistory,
    plan: PassthroughPlan,
    onAnswer: (during: string, operations: number) => void = () => {},
  ): Promise<Performance> {
    await this.#restTalker()
    this.served.begin(plan)
    let conversation: Conversation | undefined
    try {
      conversation = await this.#start(true)
      const played = await playHistory(conversation, planned, this.directory, (during) =>
        onAnswer(during, this.served.seen),
      )
      const ended = await conversation.kill()
      await this.served.whenGone()
      return { ...played, ...this.served.end(), ended }
    } finally {
      await conversation?.kill()
      await this.served.killAll()
    }
  }

  /** The operations of a history, each with what the subject was asked meanwhile. Throws as `perform`. */
  async count(
    planned: PlannedHistory,
    seeing: Pick<PassthroughPlan, 'reads' | 'sizes'> = {},
  ): Promise<Count> {
    const nothing = { operations: [], silent: { changes: 0, silent: 0 } }
    const before = await this.prepare(planned)
    if (before !== null) return { ...nothing, problem: before }
    const answers: Answer[] = []
    const seen = await this.perform(planned, seeing, (during, until) =>
      answers.push({ during, until }),
    )
    const problem = seen.refused ?? seen.broke?.detail ?? null
    if (problem !== null || seen.overflow) {
      return { ...nothing, problem: problem ?? 'it made more operations than can be counted' }
    }
    const duringOf = ({ n }: Operation): string =>
      answers.find(({ until }) => n <= until)?.during ?? 'close'
    const called = seen.operations.filter(({ cached }) => !cached)
    const operations = called.map((operation, index) => ({
      ...countedOperation(operation, duringOf(operation)),
      number: index + 1,
    }))
    return { operations, silent: silentChanges(answers, seen.operations), problem: null }
  }

  /** Ends its processes and undoes the directory. */
  async remove(): Promise<void> {
    await this.talker.stop()
    await this.served.remove()
  }

  async #start(watched = false): Promise<Conversation> {
    const { subject, signal } = this.#options
    const { kind, timeoutMs: saidMs = DEFAULT_ANSWER_MS } = subject.description
    const timeoutMs = watched ? (this.#options.timeoutMs ?? saidMs) : saidMs
    const speaker = speakerOf(subject)
    if (!watched) return await Conversation.start(speaker, { kind, timeoutMs, signal })
    const command = this.served.commandInside(speaker.command, speaker.cwd)
    // All that it starts is in the cgroup, where there is one: that is faster than looking at every process.
    const killLeft = this.served.hasCgroup ? () => this.served.strikeAll() : undefined
    return await Conversation.start({ ...speaker, command }, { kind, timeoutMs, signal, killLeft })
  }

  /** What goes on in it behind a recovery would be seen, and left, in the next case's directory. */
  async #restTalker(): Promise<void> {
    await this.talker.rest(
      async (pid) => this.#keepsTalker && (await this.#hasNothingUnderWay(pid)),
    )
  }

  /**
   * Whether a process that is being stopped is within no call, and has neither a file of the directory open nor a child
   * that could go on in it.
   */
  async #hasNothingUnderWay(pid: number): Promise<boolean> {
    const untilMs = performance.now() + STOPPED_MS
    while (!isStopped(pid)) {
      if (performance.now() > untilMs) return false
      await sleep(1)
    }
    const within = this.served.mountPoint
    const isWithin = (path: string): boolean => path === within || path.startsWith(`${within}/`)
    return childrenOf(pid)?.length === 0 && !openFilesOf(pid).some(isWithin)
  }
}
