/** What a subject keeps: entries in order, values by key, or one content. */
export type SubjectKind = 'log' | 'store' | 'file'

/** One thing that a subject is asked to make durable. */
export type Change =
  | { do: 'append'; entry: string }
  | { do: 'put'; key: string; value: string }
  | { do: 'delete'; key: string }
  | { do: 'replace'; content: string }

/** What `read` returns: all entries in order, all pairs in any order, or the content (null for none). */
export type Contents =
  | { entries: readonly string[] }
  | { pairs: readonly (readonly [key: string, value: string])[] }
  | { content: string | null }

/**
 * What became of a change that was sent: `acked` was answered with success; `unknown` failed, or was not
 * answered, so that it can be there or not.
 */
export type Outcome = 'acked' | 'unknown'

/** A change that was sent, and what became of it. */
export interface SentChange {
  change: Change
  outcome: Outcome
}

/** The changes in the order in which they were sent. */
export type History = readonly SentChange[]
