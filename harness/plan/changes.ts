import type { Change, SubjectKind } from '../subject/change.ts'
import { namedStream, type Stream } from './stream.ts'

/** What the changes of a history are made from: a pure function of it, the same on every machine. */
export interface HistoryPlan {
  kind: SubjectKind
  seed: number
  /** Which history of the seed, counted from 1. */
  round: number
  /** How many changes. */
  changes: number
  /** Whether contents over 5,000 characters are among them; they are unless given. */
  large?: boolean
}

/** Beside ASCII: combining marks, other scripts, both planes, white space, what JSON and shells quote. */
const CHARACTERS: readonly [string, ...string[]] = [
  'a',
  ...'bcdefghijklmnopqrstuvwxyz ABC 0123456789',
  ...'"\\/{}[]:,\'`$&|;<>*?#%!~=',
  ...'\n\r\t\u0001\u007f\u00a0\u2028',
  ...'äßñéÅ≤→漢字अ한ئ',
  'e\u0301',
  '😀',
  '👩\u200d🚀',
  '\u202e',
]

/** Characters of a content, by how likely each size is: mostly small; over a block; over 64 KiB; over 512 KiB. */
const SIZES = [0, 1, 12, 40, 40, 40, 100, 100, 300, 300, 700, 5000] as const
const LARGE_SIZE = 70_000
/** `fs.appendFile` writes 512 KiB at a time. */
const HUGE_SIZE = 540_000

function text(stream: Stream, length: number): string {
  return Array.from({ length }, () => stream.oneOf(CHARACTERS)).join('')
}

/** No two parts of it are alike, so that a torn or shifted content is never another one. */
function long(tag: string, length: number): string {
  const words: string[] = []
  for (let chars = 0, at = 0; chars < length; at++) {
    const word = `${tag}.${at}`
    words.push(word)
    chars += word.length + 1
  }
  return words.join(' ')
}

/** The content of the `number`-th change. All but the empty one begin with a tag, so that no two are equal. */
function contentOf(stream: Stream, plan: HistoryPlan, number: number): string {
  const tag = `${plan.round}-${number}`
  const { large = true } = plan
  if (large && number === HUGE_AT && plan.changes >= LONG_HISTORY) return long(tag, HUGE_SIZE)
  if (large && number === LARGE_AT) return long(tag, LARGE_SIZE)
  const size = stream.oneOf(SIZES)
  return size === 0 ? tag : `${tag}: ${text(stream, size)}`
}

/** The large contents come early enough for a short history and late enough to have something before them. */
const LARGE_AT = 4
const HUGE_AT = 9
/** A history from so many changes on holds a huge content. */
const LONG_HISTORY = 12
/** The empty content comes once, so that it stays unique. */
const EMPTY_AT = 3

/** Every other history has none: a file that lost its bytes can't be told from one that was once empty. */
function isEmpty(plan: HistoryPlan, number: number): boolean {
  return number === EMPTY_AT && plan.round % 2 === 1
}

/** Keys: few, so that they are overwritten and deleted; of every kind of character. */
const KEYS = ['a', 'key 2', 'ключ', '😀', 'long-'.repeat(20), '__proto__', 'k/7', 'z'] as [
  string,
  ...string[],
]
/** Of so many changes of a store, one deletes a key that is there. */
const DELETE_EVERY = 6

function storeChange(
  stream: Stream,
  plan: HistoryPlan,
  number: number,
  there: Set<string>,
): Change {
  if (there.size > 2 && stream.between(1, DELETE_EVERY) === 1) {
    const key = stream.oneOf([...there] as [string, ...string[]])
    there.delete(key)
    return { do: 'delete', key }
  }
  const key = stream.oneOf(KEYS)
  there.add(key)
  const value = isEmpty(plan, number) ? '' : contentOf(stream, plan, number)
  return { do: 'put', key, value }
}

/**
 * The changes of a history. Contents are unique, so that what comes back names its change: small and large,
 * empty once in every other history, with every kind of character; keys are overwritten and deleted; a first write stands apart from
 * an overwrite, since the early changes make most names.
 */
export function changesOf(plan: HistoryPlan): Change[] {
  const stream = namedStream(plan.seed, `changes of a ${plan.kind}`, plan.round)
  const there = new Set<string>()
  return Array.from({ length: plan.changes }, (_, index): Change => {
    const number = index + 1
    if (plan.kind === 'store') return storeChange(stream, plan, number, there)
    const content = isEmpty(plan, number) ? '' : contentOf(stream, plan, number)
    return plan.kind === 'log' ? { do: 'append', entry: content } : { do: 'replace', content }
  })
}
