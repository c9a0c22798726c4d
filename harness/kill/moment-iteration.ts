import { cpSync, mkdirSync, rmSync } from 'node:fs'
import type { Failure } from '../oracle/failure.ts'
import { judgeRecovery } from '../oracle/judge-recovery.ts'
import type { JudgedCase } from '../oracle/judged-case.ts'
import { changesOf } from '../plan/changes.ts'
import type { MomentIteration } from '../plan/moment.ts'
import type { Change, History, SentChange } from '../subject/change.ts'
import { Conversation } from '../subject/conversation.ts'
import { DEFAULT_ANSWER_MS, type DescribedSubject } from '../subject/description.ts'
import { promiseFor } from '../subject/promise.ts'
import { seeRecovery, Talker } from '../subject/see-recovery.ts'
import { setUp } from '../subject/set-up.ts'
import { speakerOf } from '../subject/speak.ts'

export interface MomentOptions {
  subject: DescribedSubject
  seed: number
  /** A path for the iteration alone; made, and removed. */
  directory: string
  signal?: AbortSignal | undefined
  /** Are called with the directory as the fault left it, and when it has been judged. */
  onFaulted?: (directory: string) => void
  onJudged?: (directory: string) => void
}

/** What became of an iteration that kills at a moment. */
export interface MomentResult extends MomentIteration, JudgedCase {}

/** Waits without giving way: a timer of the event loop is a hundred times coarser. */
function spin(micros: number): void {
  const untilMs = performance.now() + micros / 1000
  while (performance.now() < untilMs);
}

interface Struck {
  history: SentChange[]
  /** Why the fault was not delivered; null when it was. */
  problem: string | null
}

/** Makes the changes before the moment, sends the next one, and kills the process behind it. */
async function strike(
  { subject, directory, signal }: MomentOptions,
  { moment }: MomentIteration,
  changes: Change[],
): Promise<Struck> {
  const { kind, timeoutMs = DEFAULT_ANSWER_MS } = subject.description
  const history: SentChange[] = []
  const conversation = await Conversation.start(speakerOf(subject), { kind, timeoutMs, signal })
  const problem = (what: string): Struck => ({ history, problem: what })
  try {
    const opened = await conversation.ask([{ do: 'open', directory }])
    const [reply] = opened.replies
    if (reply?.ok === false)
      return problem(`opening was refused before any fault: ${reply.message}`)
    if (opened.broke !== null) return problem(`before any fault, ${opened.broke.detail}`)
    for (const change of changes.slice(0, moment.afterAcks)) {
      const { replies, broke } = await conversation.ask([change])
      history.push({ change, outcome: replies[0]?.ok === true ? 'acked' : 'unknown' })
      if (replies[0]?.ok === false) {
        return problem(
          `change ${history.length} was refused before any fault: ${replies[0].message}`,
        )
      }
      if (broke !== null) return problem(`before any fault, ${broke.detail}`)
    }
    const change = changes[moment.afterAcks] as Change
    const underWay = conversation.ask([change])
    spin(moment.delayMicros)
    conversation.strike()
    const { replies } = await underWay
    history.push({ change, outcome: replies[0]?.ok === true ? 'acked' : 'unknown' })
    const died = await conversation.kill()
    return died === 'SIGKILL' ? { history, problem: null } : problem(`it had ended: ${died}`)
  } finally {
    await conversation.kill()
  }
}

/** Processes that speak for the subject of an iteration. */
export function talkerFor({ subject, signal }: MomentOptions): Talker {
  const { kind, fresh = false, timeoutMs = DEFAULT_ANSWER_MS } = subject.description
  return new Talker(fresh, () =>
    Conversation.start(speakerOf(subject), { kind, timeoutMs, signal }),
  )
}

/** One look at what the fault left, in `directory`, by new processes. */
async function look(options: MomentOptions, history: History) {
  const { subject, directory } = options
  const { kind, promises } = subject.description
  const talker = talkerFor(options)
  try {
    const talk = (): Promise<Conversation> => talker.talk()
    const seen = await seeRecovery({ subject, directory, talk, inFull: true })
    return judgeRecovery(kind, promiseFor(promises, 'kill'), history, seen)
  } finally {
    await talker.stop()
  }
}

const namesOf = (failures: readonly Failure[]): string =>
  failures.map(({ name }) => name).join(', ') || 'nothing wrong'

/**
 * Runs one iteration: a history, a SIGKILL at its moment, recovery in another process, the oracle. A failure is
 * judged again from a copy of what the fault left, at the same path, by new processes; where the two looks
 * differ the verdict is `inconclusive`. Throws a `MachineError`, what the file system throws, and what `signal`
 * was aborted with.
 */
export async function runMomentIteration(
  iteration: MomentIteration,
  options: MomentOptions,
): Promise<MomentResult> {
  const { subject, seed, directory } = options
  const { kind } = subject.description
  const changes = changesOf({
    kind,
    seed,
    round: iteration.iteration,
    changes: iteration.changes,
  })
  const faulted = `${directory}.faulted`
  try {
    mkdirSync(directory)
    await setUp(subject, directory)
    const { history, problem } = await strike(options, iteration, changes)
    const acked = history.filter(({ outcome }) => outcome === 'acked').length
    const result: MomentResult = {
      ...iteration,
      delivered: problem === null,
      sent: history.length,
      acked,
      recovered: null,
      verdict: 'inconclusive',
      failures: [],
      reason: problem,
      confirmation: null,
    }
    if (problem !== null) return result
    cpSync(directory, faulted, { recursive: true, preserveTimestamps: true })
    options.onFaulted?.(directory)
    const first = await look(options, history)
    options.onJudged?.(directory)
    result.recovered = first.changes
    if (first.failures.length === 0) return { ...result, verdict: 'pass' }
    const startedMs = performance.now()
    rmSync(directory, { recursive: true })
    cpSync(faulted, directory, { recursive: true, preserveTimestamps: true })
    const second = await look(options, history)
    const agreed = namesOf(first.failures) === namesOf(second.failures)
    const durationMs = Math.round(performance.now() - startedMs)
    const confirmation = { agreed, durationMs }
    if (agreed) return { ...result, verdict: 'fail', failures: first.failures, confirmation }
    const reason = `two looks at one state differ: ${namesOf(first.failures)}, then ${namesOf(second.failures)}`
    return { ...result, reason, confirmation }
  } finally {
    for (const path of [directory, faulted]) rmSync(path, { recursive: true, force: true })
  }
}
