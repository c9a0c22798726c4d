import { operationInWords } from '../observed/counted-operation.ts'
import { type AnsweredAt, eventsOf } from '../observed/events.ts'
import type { Operation } from '../passthrough/operation.ts'
import type { Observation } from '../passthrough/passthrough.ts'
import { readTree } from '../passthrough/read-tree.ts'
import type { PlannedHistory } from '../plan/planned-history.ts'
import { ackedOf, type ErrorCaseResult, MET_NOTHING, UNTRIED } from './case-result.ts'
import type { Sequel } from './cases.ts'
import type { ErrorPlace, IoErrorRow } from './errors/row.ts'
import { type ErrorScene, judgeReading, type LookedAt, lookAt } from './look-at.ts'
import { lookBehindCut, type PowerCut } from './look-behind-cut.ts'
import { type PlayedOn, playOn } from './play-on.ts'
import { promiseUnder } from './promise-under.ts'

/** The error of a case: which it is, at which operation, and what comes behind it. */
export interface PlannedError {
  row: IoErrorRow
  /** As it was counted, of the operations that the subject calls. */
  operation: ErrorPlace
  sequel: Sequel
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
  return error !== null && struck === null ? MET_NOTHING : null
}

/** Readings are so many that they would hide what is written. */
const isTold = ({ kind, struck }: Operation): boolean =>
  struck || (kind !== 'read' && kind !== 'open')

/**
 * Has the subject play a history in which one operation meets an error, or none does, and looks at what is there:
 * behind the change that met it, where the case reopens the subject, and at the end. Throws a `MachineError`, what the
 * file system throws, and what the signal was aborted with.
 */
export async function playCase(
  scene: ErrorScene,
  planned: PlannedHistory,
  given: PlannedError | null,
): Promise<ErrorCaseResult> {
  const { subject, lane, writer } = scene
  const { row: error, sequel } = given ?? { row: null, sequel: 'goes-on' as const }
  const problem = await lane.prepare(planned)
  if (problem !== null) return { ...UNTRIED, reason: `before any error, ${problem}` }
  const { served } = lane
  const promise = promiseUnder(subject.description, error)
  const before = scene.cutsPower ? readTree(served.backing) : new Map()
  const cuts: Pick<PowerCut, 'history' | 'seen'>[] = []
  const order = given === null ? {} : { fault: given.row.orderAt(given.operation) }
  served.begin({ reads: true, ...order }, { mayBeThere: true })
  let behind: LookedAt | null = null
  const answers: AnsweredAt[] = []
  const played = await playOn(
    {
      directory: lane.directory,
      patienceMs: subject.description.patienceMs ?? 0,
      lasts: error?.lasts ?? false,
      talk: () => writer.talk(),
      hasStruck: () => served.struck > 0,
      lift: () => served.release(),
      endsWhenClosed: scene.looksAgain,
      onAnswer: (during, wasRefused) => answers.push({ during, until: served.seen, wasRefused }),
      onAcked: (history) => {
        const hasJustStruck = served.struck > 0 && cuts.length === 0
        if (scene.cutsPower && (error === null || hasJustStruck)) {
          cuts.push({ history: [...history], seen: served.seen })
        }
      },
      onClosed: async (history) => {
        const change = history.length - 1
        behind = await lookAt(scene, {
          history: [...history],
          struck: { change, sent: change },
          promise,
          inFull: false,
        })
      },
    },
    planned,
    sequel,
  )
  if (scene.looksAgain || !played.closed) await writer.stop()
  const observation = served.end()
  const { history, openings, readings, struck } = played
  const struckAt = observation.operations.find((operation) => operation.struck)
  const met = struckAt === undefined ? null : operationInWords(struckAt)
  const events = eventsOf(answers, observation.operations.filter(isTold), null)
  const base = { ...UNTRIED, delivered: struck !== null, struck, met, history, events }
  // What was found behind the change stands, whatever came of the changes behind it.
  const found = behind as LookedAt | null
  if (found !== null && found.verdict !== 'pass') return { ...base, ...found }
  const reason = notJudged(played, observation, error)
  if (reason !== null) {
    await writer.stop()
    return { ...base, sent: history.length, acked: ackedOf(history), reason }
  }
  const at = struck && { ...struck, openings }
  for (const reading of readings) {
    const read = judgeReading(scene, reading, { history, struck: at, promise })
    if (read !== null) return { ...base, ...read }
  }
  const looked = await lookAt(scene, { history, struck: at, promise, inFull: true })
  if (looked.verdict !== 'pass') return { ...base, ...looked }
  for (const cut of cuts) {
    const { operations } = observation
    const seen = await lookBehindCut(scene, { ...cut, struck: at, promise, before, operations })
    if (seen !== null && seen.verdict !== 'pass') return { ...base, ...seen }
  }
  return { ...base, ...looked }
}
