/** Some changes of a history on end, counted from 1, both of them included. */
export interface ChangeRange {
  from: number
  to: number
}

/** A history of a seed, or a part of one: `range` is null for all of it. */
export interface HistoryPart {
  /** Counted from 1. */
  round: number
  range: ChangeRange | null
}

const NAME = /^([1-9]\d{0,8})(?::([1-9]\d{0,3})-([1-9]\d{0,3}))?$/

/** As the names of cases begin: `3` for a whole history, `3:2-4` for its changes 2 to 4 alone. */
export function partName({ round, range }: HistoryPart): string {
  return range === null ? String(round) : `${round}:${range.from}-${range.to}`
}

/** Reads such a name, from the beginning of a case's name up to its first point; null where it is none. */
export function readPart(caseName: string): HistoryPart | null {
  const [, round, from, to] = (NAME.exec(caseName.split('.', 1)[0] ?? '') ?? []).map(Number)
  if (round === undefined || Number.isNaN(round)) return null
  if (from === undefined || to === undefined || Number.isNaN(from)) return { round, range: null }
  return from <= to ? { round, range: { from, to } } : null
}

/** The parts that the names of cases begin with, each once, by their rounds. */
export function partsOf(caseNames: readonly string[]): HistoryPart[] {
  const parts = caseNames.map(readPart).filter((part) => part !== null)
  const byName = new Map(parts.map((part) => [partName(part), part]))
  return [...byName.values()].sort((a, b) => a.round - b.round)
}

/**
 * The sessions of a part: of each its changes in the range. Those before the first change are left out, and behind the
 * last one there is at most one without any, which opens what was left.
 */
export function sessionsOfPart<S, C>(
  sessions: readonly S[],
  changesOf: (session: S) => readonly C[],
  range: ChangeRange | null,
  withChanges: (session: S, changes: C[]) => S,
): S[] {
  if (range === null) return [...sessions]
  let before = 0
  const cut = sessions.map((session) => {
    const changes = changesOf(session)
    const start = before
    before += changes.length
    const kept = changes.slice(Math.max(0, range.from - 1 - start), Math.max(0, range.to - start))
    return { session: withChanges(session, kept), isEmpty: kept.length === 0 }
  })
  const first = cut.findIndex(({ isEmpty }) => !isEmpty)
  const last = cut.findLastIndex(({ isEmpty }) => !isEmpty)
  return first < 0 ? [] : cut.slice(first, last + 2).map(({ session }) => session)
}

/** The same of sessions that are nothing but their changes. */
export function changesOfPart<C>(sessions: C[][], range: ChangeRange | null): C[][] {
  return sessionsOfPart(
    sessions,
    (changes) => changes,
    range,
    (_, changes) => changes,
  )
}
