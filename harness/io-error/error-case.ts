import { existsSync } from 'node:fs'
import type { OperationLane } from '../observed/lane.ts'
import { type Looked, lookAgain } from '../observed/look-again.ts'
import { Snapshot } from '../observed/snapshot.ts'
import type { Failure } from '../oracle/failure.ts'
import { judgeAfterError, type StruckHistory } from '../oracle/judge-after-error.ts'
import { judgeRecovery } from '../oracle/judge-recovery.ts'
import { PROMISES, type SubjectPromise } from '../oracle/promises/index.ts'
import type { Confirmation } from '../oracle/second-look.ts'
import type { Observation } from '../passthrough/passthrough.ts'
import type { KilledHistory } from '../plan/killed-history.ts'
import type { SentChange } from '../subject/change.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { promiseFor } from '../subject/promise.ts'
import type { Talker } from '../subject/see-recovery.ts'
import type { Sequel } from './cases.ts'
import type { ErrorPlace, IoErrorRow } from './errors/row.ts'
import { type PlayedOn, playOn, type Struck } from './play-on.ts'

/** What became of one case. */
export interface ErrorCaseResult {
  /** Whether the error was the answer to an operation of the subject's. */
  delivered: boolean
  /** What the subject was asked when it struck; null where it did not. */
  struck: Struck | null
  sent: number
  acked: number
  /** How many changes what came back is the state after; null where that is not one number. */
  recovered: number | null
  verdict: 'pass' | 'fail' | 'inconclusive'
  failures: Failure[]
  /** Why there is no verdict; null where there is one. */
  reason: string | null
  confirmation: Confirmation
}

/** The error of a case: which it is, at which operation, and what comes behind it. */
export interface PlannedError {
  row: IoErrorRow
  /** As it was counted, of the operations that the subject calls. */
  operation: ErrorPlace
  sequel: Sequel
}

/** Where a case is made: a lane, and the processes whose operations meet the error. */
export interface ErrorScene {
  subject: DescribedSubject
  lane: OperationLane
  writer: Talker
  /** Whether what is wrong is looked at again: by new processes, on a copy. */
  looksAgain: boolean
  /** Is called with the directory before it is looked at. */
  onLook?: ((directory: string) => void) | undefined
}

/** The weaker of two promises: what is lost with what was not synced is lost as at a power cut. */
function weaker(one: SubjectPromise, other: SubjectPromise): SubjectPromise {
  const names = Object.keys(PROMISES)
  return names.indexOf(one) > names.indexOf(other) ? one : other
}

/** What a subject promises under an error; null for no error at all. */
export function promiseUnder(
  { promises }: Pick<DescribedSubject['description'], 'promises'>,
  error: Pick<IoErrorRow, 'promised' | 'losesUnsynced'> | null,
): SubjectPromise {
  if (error === null) return promiseFor(promises, 'io-error')
  const { promised, losesUnsynced } = error
  const promise = promiseFor(promises, promised)
  return losesUnsynced ? weaker(promise, promiseFor(promises, 'power-cut')) : promise
}

const ackedOf = (history: readonly SentChange[]): number =>
  history.filter(({ outcome }) => outcome === 'acked').length

/** What a look, and those that confirmed it, came to. */
type LookedAt = Omit<ErrorCaseResult, 'delivered' | 'struck'>

/** Looks at what is in the directory now, and again where that is asked for. */
async function lookAt(
  { subject, lane, looksAgain, onLook = () => {} }: ErrorScene,
  error: IoErrorRow | null,
  history: readonly SentChange[],
  struck: StruckHistory | null,
  inFull: boolean,
): Promise<LookedAt> {
  const { kind } = subject.description
  const pass: LookedAt = {
    sent: history.length,
    acked: ackedOf(history),
    recovered: null,
    verdict: 'pass',
    failures: [],
    reason: null,
    confirmation: null,
  }
  if (!existsSync(lane.backing)) {
    const failures: Failure[] = [{ name: 'destroyed', detail: 'its directory is gone' }]
    return { ...pass, verdict: 'fail', failures, confirmation: { agreed: true, durationMs: 0 } }
  }
  const look = async (talker: Talker): Promise<Looked> => {
    const seen = await lane.see(talker, { inFull })
    const promise = promiseUnder(subject.description, error)
    const finding =
      struck === null
        ? judgeRecovery(kind, promise, history, seen)
        : judgeAfterError(kind, promise, history, struck, seen)
    return { seen, ...finding }
  }
  onLook(lane.backing)
  const left = looksAgain ? Snapshot.take(lane.backing) : null
  const first = await look(lane.talker)
  lane.assertServing()
  const { changes: recovered, failures } = first
  if (failures.length === 0) return { ...pass, recovered }
  const again = left === null ? null : await lookAgain(lane, left, first, look)
  return { ...pass, recovered, verdict: 'fail', failures, ...again }
}

/** Why a case can't be judged, in a sentence; null where it can. */
function notJudged(
  { before, hung, struck }: PlayedOn,
  { overflow }: Observation,
  error: IoErrorRow | null,
): string | null {
  if (overflow) return 'it made more operations than can be counted'
  if (hung !== null) return hung
  if (before !== null) return `before the error, ${before}`
  return error !== null && struck === null ? 'the error met no operation' : null
}

/**
 * Has the subject play a history in which one operation meets an error, or none does, and looks at what is there:
 * behind the change that met it, where the case reopens the subject, and at the end. Throws a `MachineError`, what the
 * file system throws, and what the signal was aborted with.
 */
export async function playCase(
  scene: ErrorScene,
  planned: KilledHistory,
  given: PlannedError | null,
): Promise<ErrorCaseResult> {
  const { subject, lane, writer } = scene
  const { row: error, sequel } = given ?? { row: null, sequel: 'goes-on' as const }
  const result: ErrorCaseResult = {
    delivered: false,
    struck: null,
    sent: 0,
    acked: 0,
    recovered: null,
    verdict: 'inconclusive',
    failures: [],
    reason: null,
    confirmation: null,
  }
  const problem = await lane.prepare(planned)
  if (problem !== null) return { ...result, reason: `before any error, ${problem}` }
  const { served } = lane
  const order = given === null ? {} : { fault: given.row.orderAt(given.operation) }
  served.begin({ reads: true, ...order }, { mayBeThere: true })
  let behind: LookedAt | null = null
  const played = await playOn(
    {
      directory: lane.directory,
      patienceMs: subject.description.patienceMs ?? 0,
      lasts: error?.lasts ?? false,
      talk: () => writer.talk(),
      hasStruck: () => served.struck > 0,
      lift: () => served.release(),
      endsWhenClosed: scene.looksAgain,
      onClosed: async (history) => {
        const change = history.length - 1
        behind = await lookAt(scene, error, [...history], { change, sent: change }, false)
      },
    },
    planned,
    sequel,
  )
  if (scene.looksAgain || !played.closed) await writer.stop()
  const observation = served.end()
  const { history, struck } = played
  const base = { ...result, delivered: struck !== null, struck }
  // What was found behind the change stands, whatever came of the changes behind it.
  const found = behind as LookedAt | null
  if (found !== null && found.verdict !== 'pass') return { ...base, ...found }
  const reason = notJudged(played, observation, error)
  if (reason !== null) {
    await writer.stop()
    return { ...base, sent: history.length, acked: ackedOf(history), reason }
  }
  return { ...base, ...(await lookAt(scene, error, history, struck, true)) }
}
