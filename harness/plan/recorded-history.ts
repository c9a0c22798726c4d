import type { Change, SubjectKind } from '../subject/change.ts'
import { changesOf } from './changes.ts'
import { type HistoryPart, sessionsOfPart } from './part-of-history.ts'
import { namedStream } from './stream.ts'

/** One opening of the subject while it is recorded. */
export interface RecordedSession {
  changes: Change[]
  /** Whether another program writes and syncs a file of its own on the volume meanwhile. */
  busy: boolean
  /** How long that program rests after each sync. */
  restMs: number
  /** How long the open subject then waits, so that the file system writes out what nobody synced. */
  idleMs: number
}

/** What one recording of any subject holds. */
export interface RecordedHistory {
  /** Counted from 1. */
  round: number
  /** Whether the subject is opened and closed, and that made durable, before recording begins. */
  madeLongAgo: boolean
  sessions: RecordedSession[]
}

/** Every third history is long enough for a compaction or a checkpoint. */
const LONG_EVERY = 3
const LONG = { min: 30, max: 70 } as const
const SHORT = { min: 9, max: 14 } as const
/** In every fourth history the subject idles beside a neighbour that syncs. */
const IDLE_EVERY = 4
const IDLE_MS = 2500
const REST_MS = 5

/**
 * What the `round`-th recording of a seed holds (counted from 1): a pure function, the same on every machine. The
 * first history begins with the very first open, the second on what was made long ago, and so on in turns: some
 * bugs live only in one of them. Each has three openings, beside the last of which a neighbour writes.
 */
export function planRecordedHistory(
  kind: SubjectKind,
  seed: number,
  round: number,
): RecordedHistory {
  const stream = namedStream(seed, 'recorded history', round)
  const { min, max } = round % LONG_EVERY === 0 ? LONG : SHORT
  const count = stream.between(min, max)
  const changes = changesOf({ kind, seed, round, changes: count })
  const first = stream.between(1, count - 2)
  const second = stream.between(first + 1, count - 1)
  const idles = round % IDLE_EVERY === 0
  return {
    round,
    madeLongAgo: round % 2 === 0,
    sessions: [
      { changes: changes.slice(0, first), busy: false, restMs: 0, idleMs: 0 },
      { changes: changes.slice(first, second), busy: false, restMs: 0, idleMs: 0 },
      { changes: changes.slice(second), busy: true, restMs: REST_MS, idleMs: idles ? IDLE_MS : 0 },
    ],
  }
}

/** The same of a part of a history: its changes alone, in the openings in which they are, and no opening without one. */
export function planRecordedPart(
  kind: SubjectKind,
  seed: number,
  { round, range }: HistoryPart,
): RecordedHistory {
  const planned = planRecordedHistory(kind, seed, round)
  const sessions = sessionsOfPart(
    planned.sessions,
    ({ changes }) => changes,
    range,
    (session, changes) => ({ ...session, changes }),
  )
  return { ...planned, sessions: sessions.filter(({ changes }) => changes.length > 0) }
}
