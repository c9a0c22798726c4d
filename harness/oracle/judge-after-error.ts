import type { Change, Contents, History, SentChange, SubjectKind } from '../subject/change.ts'
import type { Failure, FailureName } from './failure.ts'
import type { Finding } from './finding.ts'
import { judgeContents } from './judge-contents.ts'
import { judgeRecovery, type SeenRecovery } from './judge-recovery.ts'
import { PROMISES, type SubjectPromise } from './promises/index.ts'

/** When an error struck a history. */
export interface StruckHistory {
  /** The place (from 0) of the change that met it; null where none did. */
  change: number | null
  /** How many changes had been sent before it. */
  sent: number
  /** How many had been sent at each opening. */
  openings?: readonly number[]
}

const isAcked = ({ outcome }: SentChange): boolean => outcome === 'acked'

/** The history as if nothing were known of some changes. */
const without = (history: History, isUnknown: (at: number) => boolean): History =>
  history.map((each, at) => (isUnknown(at) ? { ...each, outcome: 'unknown' } : each))

/** Whether a change is to be seen in what came back, by its own content; later changes may have made it unseen. */
function isThere(change: Change, contents: Contents): boolean {
  if ('entries' in contents) {
    return change.do === 'append' && contents.entries.includes(change.entry)
  }
  if ('content' in contents) return change.do === 'replace' && contents.content === change.content
  const value = 'key' in change ? new Map(contents.pairs).get(change.key) : undefined
  return change.do === 'put' ? value === change.value : value === undefined
}

/**
 * Whether no more is gone than the last changes, where a promise lets them be: those that were the last when the error
 * struck, or at an opening behind it. What was made of it then goes on from there.
 */
function isTailGone(
  promise: SubjectPromise,
  history: History,
  { change, sent, openings = [] }: StruckHistory,
  contents: Contents,
): boolean {
  const { allowsEarlier, isNumbered } = PROMISES[promise]
  if (!allowsEarlier || !isNumbered) return false
  const behind = openings.filter((at) => at > sent)
  const ends = [sent, ...(change === null ? [] : [change + 1]), ...behind]
  const isRight = (start: number, end: number): boolean => {
    const left = history.filter((_, at) => at < start || at >= end)
    return judgeContents(promise, left, contents).failures.length === 0
  }
  return ends.some((end) => history.slice(0, end).some((_, start) => isRight(start, end)))
}

/** What came back without that which no change ever gave. */
function withoutStrange(history: History, contents: Contents): Contents {
  const changes = history.map(({ change }) => change)
  if ('entries' in contents) {
    const sent = new Set(changes.map((change) => (change.do === 'append' ? change.entry : null)))
    return { entries: contents.entries.filter((entry) => sent.has(entry)) }
  }
  if ('pairs' in contents) {
    const isSent = ([key, value]: readonly [string, string]): boolean =>
      changes.some((each) => each.do === 'put' && each.key === key && each.value === value)
    return { pairs: contents.pairs.filter(isSent) }
  }
  const isSent = changes.some((each) => each.do === 'replace' && each.content === contents.content)
  return isSent ? contents : { content: null }
}

/**
 * Which of the error's own failures it is that the contents don't fit the history. What is right once the change that
 * met the error counts as unknown was acknowledged falsely; once those behind it do, they went nowhere; what is still
 * wrong then has hit what was acknowledged before.
 */
function namesOf(
  promise: SubjectPromise,
  history: History,
  { change, sent }: StruckHistory,
  contents: Contents,
  strange: FailureName,
): FailureName[] {
  const isRight = (isUnknown: (at: number) => boolean): boolean =>
    judgeContents(promise, without(history, isUnknown), contents).failures.length === 0
  const met = change === null ? undefined : history[change]
  const wasAcked = met !== undefined && isAcked(met)
  const isMet = (at: number): boolean => at === change
  const isBehind = (at: number): boolean => at >= sent && at !== change
  if (wasAcked && isRight(isMet)) return ['false-success']
  if (isRight(isBehind)) return ['silent']
  if (isRight((at) => isMet(at) || isBehind(at))) return ['false-success', 'silent']
  // What is there whole is left alone: it is only strange, such as the half of an entry that was refused.
  const others = withoutStrange(history, contents)
  if (judgeContents(promise, history, others).failures.length === 0) return [strange]
  // Nothing came behind it that could have made it unseen.
  const isLast = change === history.length - 1
  return wasAcked && isLast && !isThere(met.change, contents)
    ? ['false-success', 'destroyed']
    : ['destroyed']
}

/**
 * The oracle behind an error that a disk gave and that is over: what was answered with success is there, what was answered
 * with an error is there whole or not at all, and it opens and goes on. What the contents lack is told as what the
 * error made of them: `false-success`, `silent` or `destroyed`.
 */
export function judgeAfterError(
  kind: SubjectKind,
  promise: SubjectPromise,
  history: History,
  struck: StruckHistory,
  seen: SeenRecovery,
): Finding {
  const finding = judgeRecovery(kind, promise, history, seen)
  if ('refused' in seen.first) return finding
  const { contents } = seen.first
  const wrong = judgeContents(promise, history, contents).failures
  if (wrong.length === 0) return finding
  const others = finding.failures.slice(wrong.length)
  if (isTailGone(promise, history, struck, contents)) return { changes: null, failures: others }
  const [{ name: strange, detail }] = wrong as [Failure]
  const told = namesOf(promise, history, struck, contents, strange).map(
    (name): Failure => ({ name, detail }),
  )
  return { ...finding, failures: [...told, ...others] }
}
