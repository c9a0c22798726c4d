import type { Kind, Operation } from '../passthrough/operation.ts'

/** An answer of success, and how many operations had been seen by then. */
export interface Answer {
  /** What was asked, such as `put 3`. */
  during: string
  until: number
}

/** How many changes of a history were acknowledged, and how many of them without any operation that could keep them. */
export interface SilentChanges {
  changes: number
  silent: number
}

const READING: ReadonlySet<Kind> = new Set(['open', 'read'])

/**
 * Counts the changes that were acknowledged, and those behind which nothing was seen since the answer before: what keeps
 * them is elsewhere, or not written yet. What the kernel writes back of a mapped file is something.
 */
export function silentChanges(
  answers: readonly Answer[],
  operations: readonly Pick<Operation, 'n' | 'kind'>[],
): SilentChanges {
  const changing = operations.filter(({ kind }) => !READING.has(kind))
  const counted: SilentChanges = { changes: 0, silent: 0 }
  let from = 0
  for (const { during, until } of answers) {
    const isSeen = changing.some(({ n }) => n > from && n <= until)
    from = until
    if (during === 'open' || during === 'close') continue
    counted.changes += 1
    if (!isSeen) counted.silent += 1
  }
  return counted
}
