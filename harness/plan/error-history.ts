import type { SubjectKind } from '../subject/change.ts'
import { changesOf } from './changes.ts'
import { changesOfPart, type HistoryPart } from './part-of-history.ts'
import type { PlannedHistory } from './planned-history.ts'
import { namedStream } from './stream.ts'

const CHANGES = 10
/** The first opening makes at least so many, and leaves as many to the second. */
const LEAST = 3
/** Every third history has a content over a pipe’s and a buffer’s size, which is slow to carry to and fro. */
const LARGE_EVERY = 3

/**
 * The `round`-th history (counted from 1) of a seed whose operations meet errors: a pure function, the same on every
 * machine. Ten changes in two openings; the first history begins with the very first open, the second on what was made
 * long ago, and so on in turns.
 */
export function planErrorHistory(kind: SubjectKind, seed: number, round: number): PlannedHistory {
  const stream = namedStream(seed, 'history that meets errors', round)
  const large = round % LARGE_EVERY === 0
  const changes = changesOf({ kind, seed, round, changes: CHANGES, large })
  const first = stream.between(LEAST, CHANGES - LEAST)
  return {
    round,
    madeLongAgo: round % 2 === 0,
    reads: true,
    sessions: [changes.slice(0, first), changes.slice(first)],
  }
}

/** The same of a part of a history: its changes alone, in the openings in which they are. */
export function planErrorPart(
  kind: SubjectKind,
  seed: number,
  { round, range }: HistoryPart,
): PlannedHistory {
  const planned = planErrorHistory(kind, seed, round)
  return { ...planned, sessions: changesOfPart(planned.sessions, range) }
}
