import type { Change, Contents, History, SubjectKind } from '../subject/change.ts'
import type { Recovered } from '../subject/recover.ts'
import { differenceInWords, sameContents, stateWith } from '../subject/state.ts'
import type { Failure } from './failure.ts'
import type { Finding } from './finding.ts'
import { judgeContents } from './judge-contents.ts'
import type { SubjectPromise } from './promises/index.ts'

/** What was seen of a subject after a fault, by a process of its own. */
export interface SeenRecovery {
  first: Recovered
  /** The files of which a refusal left other bytes than it had found. */
  destroyedByRefusal: readonly string[]
  /** A second opening of what the first one left; undefined where it was not asked for. */
  second?: Recovered
  /** One more change, and what was there when it was opened again; undefined where it was not asked for. */
  next?: { change: Change; after: Recovered }
}

function refusedFailures(detail: string, destroyed: readonly string[]): Failure[] {
  const refused: Failure = { name: 'refused', detail }
  if (destroyed.length === 0) return [refused]
  return [
    refused,
    { name: 'destroyed', detail: `it refused, and altered ${destroyed.slice(0, 5).join(', ')}` },
  ]
}

function judgeSecond(first: Contents, second: Recovered): Failure[] {
  if ('refused' in second) {
    return [{ name: 'not-idempotent', detail: `a second opening was refused: ${second.refused}` }]
  }
  if (sameContents(first, second.contents)) return []
  const detail = `a second opening gave ${differenceInWords(first, second.contents)}`
  return [{ name: 'not-idempotent', detail }]
}

function judgeNext(
  kind: SubjectKind,
  first: Contents,
  { change, after }: { change: Change; after: Recovered },
): Failure[] {
  if ('refused' in after) {
    return [
      { name: 'refused', detail: `the next change, or the opening behind it: ${after.refused}` },
    ]
  }
  const expected = stateWith(kind, first, change)
  if (sameContents(expected, after.contents)) return []
  const detail = `after the next change it holds ${differenceInWords(expected, after.contents)}`
  return [{ name: 'wrong-next', detail }]
}

/**
 * The oracle: what came back is a state that the promise allows; it opens; what it refuses to open it has not
 * altered; a second opening gives the same; the next change survives a reopening. Returns all that is broken.
 */
export function judgeRecovery(
  kind: SubjectKind,
  promise: SubjectPromise,
  history: History,
  { first, destroyedByRefusal, second, next }: SeenRecovery,
): Finding {
  if ('refused' in first) {
    return { changes: null, failures: refusedFailures(first.refused, destroyedByRefusal) }
  }
  const { changes, failures } = judgeContents(promise, history, first.contents)
  return {
    changes,
    failures: [
      ...failures,
      ...(second === undefined ? [] : judgeSecond(first.contents, second)),
      ...(next === undefined ? [] : judgeNext(kind, first.contents, next)),
    ],
  }
}
