import type { History } from '../subject/change.ts'
import { brief } from './brief.ts'
import type { Failure } from './failure.ts'
import type { Finding } from './finding.ts'

/** The value of a key; null while there is none. */
type Value = string | null

/** One change of one key: the value that it gave, its place in the history (from 0), and whether it was acknowledged. */
interface ValueChange {
  value: Value
  at: number
  acked: boolean
}

/** The changes of every key, in order. */
export function changesByKey(history: History): Map<string, ValueChange[]> {
  const byKey = new Map<string, ValueChange[]>()
  for (const [at, { change, outcome }] of history.entries()) {
    const [key, value] =
      change.do === 'put'
        ? [change.key, change.value]
        : change.do === 'delete'
          ? [change.key, null]
          : change.do === 'replace'
            ? ['', change.content]
            : [undefined, null]
    if (key === undefined) continue
    const changes = byKey.get(key) ?? []
    changes.push({ value, at, acked: outcome === 'acked' })
    byKey.set(key, changes)
  }
  return byKey
}

/** The values that a key may have after the first `length` changes: the last acknowledged, or a later unknown one. */
function allowed(changes: readonly ValueChange[], length: number): Value[] {
  const made = changes.filter(({ at }) => at < length)
  const last = made.findLastIndex(({ acked }) => acked)
  const settled = last < 0 ? [null] : []
  return [...settled, ...made.slice(Math.max(last, 0)).map(({ value }) => value)]
}

function isStateAfter(
  length: number,
  byKey: Map<string, ValueChange[]>,
  seen: ReadonlyMap<string, string>,
): boolean {
  return [...byKey].every(([key, changes]) =>
    allowed(changes, length).includes(seen.get(key) ?? null),
  )
}

/** How a key is called in a detail; a file has only one. */
const named = (key: string, isFile: boolean): string =>
  isFile ? 'the content' : `key ${brief(key)}`

function shown(value: Value): string {
  return value === null ? 'nothing' : brief(value)
}

/** What of the seen values no change ever gave: the one failure that even `each` forbids. */
function strangeValue(
  byKey: Map<string, ValueChange[]>,
  seen: ReadonlyMap<string, string>,
  isFile: boolean,
): Failure | undefined {
  for (const [key, value] of seen) {
    const changes = byKey.get(key)
    const isOneOfIts = changes?.some((change) => change.value === value) === true
    if (isOneOfIts) continue
    if (changes === undefined) {
      return { name: 'phantom', detail: `${named(key, isFile)} was never written` }
    }
    return { name: 'altered', detail: `${named(key, isFile)} came back as ${shown(value)}` }
  }
  return undefined
}

/** A key that is absent though no delete was ever sent, nor was it absent when it was last acknowledged. */
function strangeAbsence(
  byKey: Map<string, ValueChange[]>,
  seen: ReadonlyMap<string, string>,
  isFile: boolean,
): Failure | undefined {
  for (const [key, changes] of byKey) {
    if (seen.has(key)) continue
    const first = changes.findIndex(({ acked }) => acked)
    const canBeAbsent = first < 0 || changes.some(({ value }) => value === null)
    if (!canBeAbsent) {
      return { name: 'acked-lost', detail: `${named(key, isFile)} is gone and was never deleted` }
    }
  }
  return undefined
}

/** An acknowledged change that is not there, in words; undefined where all are. */
function missing(
  byKey: Map<string, ValueChange[]>,
  seen: ReadonlyMap<string, string>,
  total: number,
  isFile: boolean,
): string | undefined {
  for (const [key, changes] of byKey) {
    const value = seen.get(key) ?? null
    if (allowed(changes, total).includes(value)) continue
    const lost = changes.findLast(({ acked }) => acked) as ValueChange
    return `change ${lost.at + 1} was acknowledged and ${named(key, isFile)} is ${shown(value)}`
  }
  return undefined
}

/** What a store, or a file, held after a fault. A file is a store with one key, the empty one. */
export interface SeenValues {
  values: ReadonlyMap<string, string>
  isFile: boolean
}

/** What is wrong where every value must be one that its key once had. */
export function judgeEachValue(history: History, { values, isFile }: SeenValues): Finding {
  const byKey = changesByKey(history)
  const wrong = strangeValue(byKey, values, isFile) ?? strangeAbsence(byKey, values, isFile)
  return { changes: null, failures: wrong === undefined ? [] : [wrong] }
}

/** How the values stand to the history: which first part of it they are the state after, and what is lost. */
function explain(history: History, { values, isFile }: SeenValues) {
  const byKey = changesByKey(history)
  const strange = strangeValue(byKey, values, isFile)
  if (strange !== undefined) return { changes: null, strange, lost: undefined }
  let changes: number | null = null
  for (let length = history.length; length >= 0 && changes === null; length--) {
    if (isStateAfter(length, byKey, values)) changes = length
  }
  return { changes, strange, lost: missing(byKey, values, history.length, isFile) }
}

function failsBy(name: 'hole' | 'acked-lost', detail: string, changes: number | null): Finding {
  return { changes, failures: [{ name, detail }] }
}

/** What is wrong where one length of the history must explain the values of all keys. */
export function judgeValuesInOrder(history: History, seen: SeenValues): Finding {
  const { changes, strange, lost } = explain(history, seen)
  if (strange !== undefined) return { changes, failures: [strange] }
  if (lost === undefined || changes !== null) return { changes, failures: [] }
  return failsBy('hole', `${lost}, which is the state after no part of the history`, changes)
}

/** What is wrong where no acknowledged change may be missing; the values of different keys each for itself. */
export function judgeAllValues(history: History, seen: SeenValues): Finding {
  const { changes, strange, lost } = explain(history, seen)
  if (strange !== undefined) return { changes, failures: [strange] }
  if (lost === undefined) return { changes, failures: [] }
  // An earlier state lost the end; what is no state at all lost something before what it kept.
  if (changes !== null) return failsBy('acked-lost', lost, changes)
  return failsBy('hole', `${lost}, which is the state after no part of the history`, changes)
}
