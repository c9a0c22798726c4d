import { digestOfFiles, filesIn } from '../../files/files-in.ts'
import { CannotJudge } from '../../oracle/cannot-judge.ts'
import type { Finding } from '../../oracle/finding.ts'
import { judgeRecovery, type SeenRecovery } from '../../oracle/judge-recovery.ts'
import { judgeLooks, type Look } from '../../oracle/second-look.ts'
import type { KilledHistory } from '../../plan/killed-history.ts'
import type { History } from '../../subject/change.ts'
import type { DescribedSubject } from '../../subject/description.ts'
import { promiseFor } from '../../subject/promise.ts'
import { seeRecovery, type Talker } from '../../subject/see-recovery.ts'
import type { AnyKill } from '../any-kill.ts'
import { Snapshot } from '../snapshot.ts'
import type { OperationLane, Performance } from './lane.ts'
import { type OperationPoint, operationInWords, operationPointInWords } from './points.ts'

/** What became of a kill at an operation. */
export interface OperationResult extends AnyKill {
  /** The point as it struck: another operation than the one that was counted can stand there. */
  point: OperationPoint
  /** A digest of the files that the kill left; null where none were looked at. */
  contents: string | null
}

/** A case in which nothing was killed. */
export const NOT_KILLED: OperationResult = {
  point: { moment: 'before', number: 1, during: 'open', operation: 'none' },
  delivered: false,
  sent: 0,
  acked: 0,
  recovered: null,
  verdict: 'inconclusive',
  failures: [],
  reason: null,
  confirmation: null,
  contents: null,
}

/** Are called with the directory as the kill left it, and when it has been judged. */
export interface OperationHooks {
  onFaulted?: (directory: string) => void
  onJudged?: (directory: string) => void
}

/** Why a kill does not count: it must have ended the process while its operation was in the server's hands. */
function notKilled({
  struck,
  ended,
  overflow,
  refused,
  broke,
  during,
}: Performance): string | null {
  if (overflow) return 'it made more operations than can be counted'
  if (refused !== null) return `${during} was refused before the kill: ${refused}`
  if (struck === null) {
    const how = broke === null ? 'it came to its end' : broke.detail
    return `there was no such operation: ${how}`
  }
  // All of the cgroup that the caller is in was killed; a process group can be another one's.
  const isSubject = struck.killed === 'cgroup' || broke?.how === 'died'
  if (isSubject && struck.killed !== 'missed' && ended === 'SIGKILL') return null
  return `it was not killed at its operation: ${ended}`
}

/** The point with what really stood there. */
function asItStruck(
  point: OperationPoint,
  { operations, struck, during }: Performance,
): OperationPoint {
  const struckAt = operations.find(({ n }) => n === struck?.operations[0])
  if (struckAt === undefined) return point
  const { writtenBytes, ...rest } = point
  const operation = operationInWords(struckAt)
  // Another write than the one that was counted can be too short for it.
  const wasWithin = writtenBytes === undefined || struckAt.wroteBytes === writtenBytes
  return wasWithin
    ? { ...point, during, operation }
    : { ...rest, moment: 'before', during, operation }
}

/** What a look found. */
interface Looked extends Finding {
  seen: SeenRecovery
}

/** One look at what the fault left in the lane's directory. */
async function look(
  subject: DescribedSubject,
  lane: OperationLane,
  history: History,
  talker: Talker,
): Promise<Looked> {
  const { kind, promises } = subject.description
  const seen = await seeRecovery({
    subject,
    directory: lane.backing,
    directoryInside: lane.directory,
    talk: () => talker.talk(),
    inFull: true,
  })
  return { seen, ...judgeRecovery(kind, promiseFor(promises, 'kill'), history, seen) }
}

/** A look as it is held against another. */
function toldBy(by: string, { seen: { first }, failures }: Looked): Look {
  const gone = 'refused' in first && first.gone === true
  return { by, failures, gone, notJudged: null }
}

/** Why what the kill left can't be looked at again, in a sentence; null where it was restored. */
function restoredProblem(left: Snapshot, directory: string): string | null {
  try {
    left.restore(directory)
    return null
  } catch (error) {
    if (!(error instanceof CannotJudge)) throw error
    return error.message
  }
}

/** What holds of the failures of a first look: new processes look at a copy, at the same path. */
async function lookAgain(
  subject: DescribedSubject,
  lane: OperationLane,
  history: History,
  left: Snapshot,
  first: Looked,
): Promise<Pick<OperationResult, 'verdict' | 'failures' | 'reason' | 'confirmation'>> {
  const startedMs = performance.now()
  const talker = lane.newTalker()
  try {
    await lane.talker.stop()
    lane.vacate()
    const problem = restoredProblem(left, lane.backing)
    if (problem !== null) {
      return { verdict: 'inconclusive', failures: [], reason: problem, confirmation: null }
    }
    const second = await look(subject, lane, history, talker)
    lane.assertServing()
    const looks = judgeLooks(toldBy('the first look', first), [
      toldBy('another process on a copy', second),
    ])
    const durationMs = Math.round(performance.now() - startedMs)
    return 'failures' in looks
      ? {
          verdict: 'fail',
          failures: looks.failures,
          reason: null,
          confirmation: { agreed: true, durationMs },
        }
      : {
          verdict: 'inconclusive',
          failures: [],
          reason: looks.disagreement,
          confirmation: { agreed: false, durationMs },
        }
  } finally {
    await talker.stop()
  }
}

/** Whether it struck where it was counted, in words for a failure's story; nothing where it did. */
export function strayInWords(counted: OperationPoint, { point }: OperationResult): string {
  const isThere = counted.during === point.during && counted.operation === point.operation
  return isThere ? '' : `, where ${counted.during}: ${counted.operation} had been counted`
}

/**
 * Kills the subject at one point of a history, has another process recover it, and judges that. A failure is judged
 * again, from a copy of what the kill left, at the same path, by new processes; where the looks differ the verdict is
 * `inconclusive`. Throws a `MachineError`, what the file system throws, and what the signal was aborted
 * with.
 */
export async function killAtOperation(
  subject: DescribedSubject,
  lane: OperationLane,
  planned: KilledHistory,
  counted: OperationPoint,
  { onFaulted = () => {}, onJudged = () => {} }: OperationHooks = {},
): Promise<OperationResult> {
  const result = { ...NOT_KILLED, point: counted }
  const problem = await lane.prepare(planned)
  if (problem !== null) return { ...result, reason: `before any fault, ${problem}` }
  const { moment, number, writtenBytes = 0 } = counted
  const at = { called: number }
  const fault =
    moment === 'within'
      ? ({ fault: 'kill', at, moment, wroteBytes: writtenBytes } as const)
      : ({ fault: 'kill', at, moment } as const)
  const seen = await lane.perform(planned, { fault })
  const { history } = seen
  const acked = history.filter(({ outcome }) => outcome === 'acked').length
  const reason = notKilled(seen)
  const struck = { ...result, sent: history.length, acked, point: asItStruck(counted, seen) }
  if (reason !== null) return { ...struck, reason }
  const left = Snapshot.take(lane.backing)
  onFaulted(lane.backing)
  const contents = digestOfFiles(filesIn(lane.backing))
  const first = await look(subject, lane, history, lane.talker)
  lane.assertServing()
  onJudged(lane.backing)
  const judged = { ...struck, delivered: true, recovered: first.changes, contents }
  if (first.failures.length === 0) return { ...judged, verdict: 'pass' }
  return { ...judged, ...(await lookAgain(subject, lane, history, left, first)) }
}

/** A kill in words, such as `put 3: before write data.mdb (operation 21)`. */
export function killInWords({ point }: OperationResult): string {
  return `killed at ${operationPointInWords(point)}`
}
