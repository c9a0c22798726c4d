import type { SubjectKind } from '../subject/change.ts'
import { changesOf } from './changes.ts'
import { changesOfPart, type HistoryPart } from './part-of-history.ts'
import type { PlannedPoint } from './plan.ts'
import type { PlannedHistory } from './planned-history.ts'
import { MAX_SHARE } from './share.ts'
import { namedStream } from './stream.ts'

/** One iteration that kills at an operation. */
export interface OperationKill {
  /** Counted from 1. */
  iteration: number
  /** Of which history. */
  round: number
  /** Where, as shares of the operations that this history is counted to have. */
  point: PlannedPoint
}

const SHORT = { min: 9, max: 14 } as const
/** Long enough for a compaction or a checkpoint. */
const LONG = { min: 30, max: 70 } as const
/** Every third history is long. */
const LONG_EVERY = 3
/** An iteration kills in one of so many histories, so that each is counted once and killed at often. */
const HISTORIES = 3

/**
 * The `round`-th history (counted from 1) of a seed at whose operations a subject is killed: a pure function, the
 * same on every machine. The first begins with the very first open, the second on what was made long ago, and so on
 * in turns; each has two openings.
 */
export function planKilledHistory(kind: SubjectKind, seed: number, round: number): PlannedHistory {
  const stream = namedStream(seed, 'history that is killed', round)
  const { min, max } = round % LONG_EVERY === 0 ? LONG : SHORT
  const count = stream.between(min, max)
  const changes = changesOf({ kind, seed, round, changes: count })
  const first = stream.between(1, count - 1)
  const sessions = [changes.slice(0, first), changes.slice(first)]
  return { round, madeLongAgo: round % 2 === 0, sessions }
}

/** The `iteration`-th iteration (counted from 1) of a seed that kills at an operation: a pure function. */
export function planOperationKill(seed: number, iteration: number): OperationKill {
  const stream = namedStream(seed, 'kill at an operation', iteration)
  const share = (): number => stream.between(0, MAX_SHARE)
  const moment = stream.oneOf(['before', 'before', 'within', 'within', 'after'] as const)
  const point = { moment, operationShare: share(), bytesShare: share() }
  return { iteration, round: 1 + ((iteration - 1) % HISTORIES), point }
}

/** Things in an order that a seed means: each as likely at any place. */
export function shuffledBy<T>(seed: number, things: readonly T[]): T[] {
  const stream = namedStream(seed, 'order of points', things.length)
  const left = [...things]
  return things.map(() => {
    const [one] = left.splice(stream.between(0, left.length - 1), 1)
    return one as T
  })
}

/** The same of a part of a history: its changes alone, in the openings in which they are. */
export function planKilledPart(
  kind: SubjectKind,
  seed: number,
  { round, range }: HistoryPart,
): PlannedHistory {
  const planned = planKilledHistory(kind, seed, round)
  return { ...planned, sessions: changesOfPart(planned.sessions, range) }
}
