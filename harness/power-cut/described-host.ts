import { join } from 'node:path'
import { promisedAt } from '../crash-states/recording.ts'
import type { Payload } from '../disk-subject/subject.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { judgeRecovery } from '../oracle/judge-recovery.ts'
import { planRecordedPart } from '../plan/recorded-history.ts'
import { namedInside } from '../process/namespace.ts'
import { assertUsable } from '../subject/assert-usable.ts'
import type { Change, SentChange } from '../subject/change.ts'
import { Conversation, type Question } from '../subject/conversation.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { promiseFor } from '../subject/promise.ts'
import { seeRecovery, Talker } from '../subject/see-recovery.ts'
import { setUp } from '../subject/set-up.ts'
import { speakerOf } from '../subject/speak.ts'
import type { StateResult } from './check-state.ts'
import { hasMarker } from './marker.ts'
import { SUBJECT_DIRECTORY } from './record.ts'
import type {
  HostOptions,
  JudgeRequest,
  RecordedWriter,
  StateJudge,
  SubjectHost,
} from './subject-host.ts'

function start(subject: DescribedSubject, options: HostOptions): Promise<Conversation> {
  const { kind, timeoutMs = options.timeoutMs } = subject.description
  const speaker = speakerOf(subject, options.namespace)
  return Conversation.start(speaker, { kind, timeoutMs, signal: options.signal })
}

/** A subject that is recorded: each step is one question to its process. */
class DescribedWriter implements RecordedWriter {
  readonly namespace: RecordedWriter['namespace']
  readonly #conversation: Conversation

  constructor(conversation: Conversation, namespace: RecordedWriter['namespace']) {
    this.#conversation = conversation
    this.namespace = namespace
  }

  get hasEnded(): boolean {
    return !this.#conversation.isOpen
  }

  open(_subject: string, directory: string): Promise<string | null> {
    return this.#ask({ do: 'open', directory: namedInside(this.namespace, directory) })
  }

  make(change: Payload): Promise<string | null> {
    return this.#ask(change as unknown as Change)
  }

  close(): Promise<string | null> {
    return this.#ask({ do: 'close' })
  }

  async stop(): Promise<void> {
    await this.#conversation.kill()
  }

  async #ask(question: Question): Promise<string | null> {
    const { replies, broke } = await this.#conversation.ask([question])
    if (broke !== null) throw new CannotJudge(`while it was recorded, ${broke.detail}`)
    const [reply] = replies
    if (reply?.ok !== false) return null
    const { message, code = 'Error' } = reply
    return `refused with ${code}: ${message}`
  }
}

/** The changes that had been sent when the power was cut, and which of them were acknowledged. */
export function historyAt(
  { recording, state }: JudgeRequest,
  changeOf = (json: string): Change => JSON.parse(json) as Change,
): SentChange[] {
  const { sent, acked } = promisedAt(recording, state.epoch.endPosition)
  return sent.map((json, index) => ({
    change: changeOf(json),
    outcome: index < acked ? 'acked' : 'unknown',
  }))
}

class DescribedJudge implements StateJudge {
  readonly #subject: DescribedSubject
  readonly #options: HostOptions
  readonly #talker: Talker

  constructor(subject: DescribedSubject, options: HostOptions) {
    this.#subject = subject
    this.#options = options
    const { fresh = false } = subject.description
    this.#talker = new Talker(fresh, () => start(subject, options))
  }

  async judge(root: string, request: JudgeRequest): Promise<StateResult> {
    const { description } = this.#subject
    const directory = join(root, SUBJECT_DIRECTORY)
    const { marked, acked } = promisedAt(request.recording, request.state.epoch.endPosition)
    const markerKept = marked === 0 ? null : hasMarker(root, marked)
    const seen = await seeRecovery({
      subject: this.#subject,
      directory,
      directoryInside: namedInside(this.#options.namespace, directory),
      talk: () => this.#talker.talk(),
      inFull: request.inFull,
    })
    const promise = promiseFor(description.promises, 'power-cut')
    const finding = judgeRecovery(description.kind, promise, historyAt(request), seen)
    if (finding.failures.some(({ name }) => name === 'refused')) assertUsable(root)
    return {
      acked,
      recovered: finding.changes,
      failures: finding.failures,
      gone: 'refused' in seen.first && seen.first.gone === true,
      notJudged: null,
      markerKept,
      contents: null,
    }
  }

  stop(): Promise<void> {
    return this.#talker.stop()
  }
}

/** The host of a subject that is described by a file: any program, in any language. */
export function describedHost(subject: DescribedSubject): SubjectHost {
  return {
    keepsRecordings: false,
    keepsWriter: false,
    planOf(seed, round, range = null) {
      const plan = planRecordedPart(subject.description.kind, seed, { round, range })
      const sessions = plan.sessions.map(({ changes, ...session }) => ({
        ...session,
        payloads: changes as unknown as Record<string, unknown>[],
      }))
      return { ...plan, sessions, endsDurable: true }
    },
    setUp:
      subject.description.setup === undefined
        ? undefined
        : (directory, namespace) => setUp(subject, directory, namespace),
    startWriter: async (options) =>
      new DescribedWriter(await start(subject, options), options.namespace),
    judgeWith: (options) => new DescribedJudge(subject, options),
  }
}
