import { existsSync } from 'node:fs'
import type { OperationLane } from '../observed/lane.ts'
import { type Looked, lookAgain } from '../observed/look-again.ts'
import { Snapshot } from '../observed/snapshot.ts'
import type { Failure } from '../oracle/failure.ts'
import { judgeAfterError } from '../oracle/judge-after-error.ts'
import { PROMISES, type SubjectPromise } from '../oracle/promises/index.ts'
import type { Confirmation } from '../oracle/second-look.ts'
import type { Observation } from '../passthrough/passthrough.ts'
import type { KilledHistory } from '../plan/killed-history.ts'
import type { SentChange } from '../subject/change.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { promiseFor } from '../subject/promise.ts'
import type { Talker } from '../subject/see-recovery.ts'
import type { Sequel } from './cases.ts'
import type { IoErrorRow } from './errors/row.ts'
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
  /** Counted from 1, of the operations that the subject calls. */
  number: number
  sequel: Sequel
}

/** Where a case is made: a lane, and the processes whose operations meet the error. */
export interface ErrorScene {
  subject: DescribedSubject
  lane: OperationLane
  writer: Talker
  /** Whether what is wrong is looked at again: by new processes, on a copy. */
  looksAgain: boolean
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

/** A look that found something wrong, or could not judge; null where all was right. */
type Wrong = Pick<ErrorCaseResult, 'verdict' | 'failures' | 'reason' | 'confirmation'> | null

/** Looks at what is in the directory now, and again where that is asked for. */
async function lookAt(
  scene: ErrorScene,
  error: IoErrorRow | null,
  played: Pick<PlayedOn, 'struck' | 'history'>,
  inFull: boolean,
): Promise<{ wrong: Wrong; recovered: number | null }> {
  const { subject, lane, looksAgain } = scene
  const { kind } = subject.description
  const { change = null, sent = 0 } = played.struck ?? {}
  if (!existsSync(lane.backing)) {
    const failure: Failure = { name: 'destroyed', detail: 'its directory is gone' }
    const wrong = {
      verdict: 'fail',
      failures: [failure],
      reason: null,
      confirmation: { agreed: true, durationMs: 0 },
    } as const
    return { wrong: { ...wrong, failures: [failure] }, recovered: null }
  }
  const look = async (talker: Talker): Promise<Looked> => {
    const seen = await lane.see(talker, { inFull })
    const promise = promiseUnder(subject.description, error)
    return { seen, ...judgeAfterError(kind, promise, played.history, { change, sent }, seen) }
  }
  const left = looksAgain ? Snapshot.take(lane.backing) : null
  const first = await look(lane.talker)
  lane.assertServing()
  const { changes: recovered, failures } = first
  if (failures.length === 0) return { wrong: null, recovered }
  const alone = { verdict: 'fail', failures, reason: null, confirmation: null } as const
  const wrong = left === null ? alone : await lookAgain(lane, left, first, look)
  return { wrong, recovered }
}

const ackedOf = (history: readonly SentChange[]): number =>
  history.filter(({ outcome }) => outcome === 'acked').length

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
  const order = given === null ? {} : { fault: given.row.orderAt(given.number) }
  served.begin({ reads: true, ...order }, { mayBeThere: true })
  let seenBehind: Awaited<ReturnType<typeof lookAt>> | null = null
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
        const struck = { during: '', change: history.length - 1, sent: history.length - 1 }
        seenBehind = await lookAt(
          scene,
          error,
          { history: [...history], struck: { ...struck, refused: null } },
          false,
        )
      },
    },
    planned,
    sequel,
  )
  if (scene.looksAgain || !played.closed) await writer.stop()
  const observation = served.end()
  const { history, struck } = played
  const acked = ackedOf(history)
  const base = { ...result, delivered: struck !== null, struck, sent: history.length, acked }
  const reason = notJudged(played, observation, error)
  if (reason !== null) {
    await writer.stop()
    return { ...base, reason }
  }
  const behind = seenBehind as Awaited<ReturnType<typeof lookAt>> | null
  if (behind?.wrong) return { ...base, recovered: behind.recovered, ...behind.wrong }
  const { wrong, recovered } = await lookAt(scene, error, played, true)
  return { ...base, recovered, ...(wrong ?? { verdict: 'pass' as const }) }
}
