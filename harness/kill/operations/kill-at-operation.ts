import { digestOfFiles, filesIn } from '../../files/files-in.ts'
import { operationInWords } from '../../observed/counted-operation.ts'
import { type AnsweredAt, eventsOf } from '../../observed/events.ts'
import type { OperationLane, Performance } from '../../observed/lane.ts'
import { type Looked, lookAgain, restoredProblem } from '../../observed/look-again.ts'
import { Snapshot } from '../../observed/snapshot.ts'
import { judgeRecovery } from '../../oracle/judge-recovery.ts'
import { type JudgedCase, UNJUDGED } from '../../oracle/judged-case.ts'
import type { PlannedHistory } from '../../plan/planned-history.ts'
import { type FileLeft, filesLeft } from '../../story/files-in-words.ts'
import type { StoryEvent } from '../../story/story.ts'
import type { History } from '../../subject/change.ts'
import type { DescribedSubject } from '../../subject/description.ts'
import { promiseFor } from '../../subject/promise.ts'
import type { Talker } from '../../subject/see-recovery.ts'
import { type OperationPoint, operationPointInWords } from './points.ts'

/** What became of a kill at an operation. */
export interface OperationResult extends JudgedCase {
  /** False where the history came to its end before the point: a program with threads does not do the same each time. */
  came: boolean
  /** The point as it struck: another operation than the one that was counted can stand there. */
  point: OperationPoint
  /** A digest of the files that the kill left; null where none were looked at. */
  contents: string | null
  /** What a failure is told by; null where there is none. */
  scene: KilledScene | null
}

/** What was seen of a kill that a failure is told by. */
export interface KilledScene {
  history: History
  /** What happened until then, in the order of time. */
  events: StoryEvent[]
  /** What it left. */
  files: FileLeft[]
}

/** A case in which nothing was killed. */
export const NOT_KILLED: OperationResult = {
  ...UNJUDGED,
  came: true,
  point: { moment: 'before', number: 1, during: 'open', operation: 'none' },
  contents: null,
  scene: null,
}

/** Are called with the directory as the kill left it, and when it has been judged. */
export interface OperationHooks {
  onFaulted?: (directory: string) => void
  onJudged?: (directory: string) => void
}

/** How often a point is tried that does not come. */
const TRIES = 3

/** Whether the history came to its end, and its point did not come before that. */
function didNotCome({ struck, broke, refused, overflow }: Performance): boolean {
  return struck === null && broke === null && refused === null && !overflow
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
    return `there was no such operation: ${broke === null ? 'it came to its end' : broke.detail}`
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

/** One look at what the kill left in the lane's directory. */
async function look(
  subject: DescribedSubject,
  lane: OperationLane,
  history: History,
  talker: Talker,
): Promise<Looked> {
  const { kind, promises } = subject.description
  const seen = await lane.see(talker, { inFull: true })
  return { seen, ...judgeRecovery(kind, promiseFor(promises, 'kill'), history, seen) }
}

/**
 * The first look. Where a process that was kept from the cases before finds a failure, a new one looks in its place, at
 * what the kill left: what that one doesn't find is of our making.
 */
async function firstLook(
  subject: DescribedSubject,
  lane: OperationLane,
  history: History,
  left: Snapshot,
): Promise<Looked> {
  const found = await look(subject, lane, history, lane.talker)
  if (found.failures.length === 0 || !lane.talker.hasRested) return found
  await lane.talker.stop()
  lane.vacate()
  if ((await restoredProblem(left, lane.backing)) !== null) return found
  const anew = await look(subject, lane, history, lane.talker)
  if (anew.failures.length === 0) lane.keepNoTalker()
  return anew
}

/** Whether it struck where it was counted, in words for a failure's story; nothing where it did. */
export function strayInWords(counted: OperationPoint, { point }: OperationResult): string {
  const isThere = counted.during === point.during && counted.operation === point.operation
  return isThere ? '' : `, where ${counted.during}: ${counted.operation} had been counted`
}

async function killOnce(
  subject: DescribedSubject,
  lane: OperationLane,
  planned: PlannedHistory,
  counted: OperationPoint,
  { onFaulted = () => {}, onJudged = () => {} }: OperationHooks,
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
  const answers: AnsweredAt[] = []
  const seen = await lane.perform(planned, { fault }, (during, until) =>
    answers.push({ during, until }),
  )
  const { history } = seen
  const acked = history.filter(({ outcome }) => outcome === 'acked').length
  const reason = notKilled(seen)
  const struck = { ...result, sent: history.length, acked, point: asItStruck(counted, seen) }
  if (reason !== null) return { ...struck, came: !didNotCome(seen), reason }
  const left = Snapshot.take(lane.backing)
  onFaulted(lane.backing)
  const files = filesIn(lane.backing)
  const contents = digestOfFiles(files)
  const first = await firstLook(subject, lane, history, left)
  lane.assertServing()
  onJudged(lane.backing)
  const judged = { ...struck, delivered: true, recovered: first.changes, contents }
  if (first.failures.length === 0) return { ...judged, verdict: 'pass' }
  const again = (talker: Talker): Promise<Looked> => look(subject, lane, history, talker)
  const events = eventsOf(answers, seen.operations, seen.during)
  const scene = { history, events, files: filesLeft(files) }
  return { ...judged, scene, ...(await lookAgain(lane, left, first, again)) }
}

/**
 * Kills the subject at one point of a history, has another process recover it, and judges that. A point that does not
 * come is tried again. A failure is judged again, from a copy of what the kill left, at the same path, by new processes;
 * where the looks differ the verdict is `inconclusive`. Throws a `MachineError`, what the file system throws, and what the
 * signal was aborted with.
 */
export async function killAtOperation(
  subject: DescribedSubject,
  lane: OperationLane,
  planned: PlannedHistory,
  counted: OperationPoint,
  hooks: OperationHooks = {},
): Promise<OperationResult> {
  for (let tries = 1; ; tries++) {
    const result = await killOnce(subject, lane, planned, counted, hooks)
    if (result.came) return result
    if (tries === TRIES) return { ...result, reason: `in ${TRIES} tries ${result.reason}` }
  }
}

/** A kill in words, such as `put 3: before write data.mdb (operation 21)`. */
export function killInWords({ point }: OperationResult): string {
  return `killed at ${operationPointInWords(point)}`
}
