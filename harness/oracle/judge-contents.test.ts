import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Change, Contents, Outcome, SentChange } from '../subject/change.ts'
import { stateAfter } from '../subject/state.ts'
import { judgeContents } from './judge-contents.ts'
import type { SubjectPromise } from './promises/index.ts'

const append = (entry: string, outcome: Outcome = 'acked'): SentChange => ({
  change: { do: 'append', entry },
  outcome,
})
const put = (key: string, value: string, outcome: Outcome = 'acked'): SentChange => ({
  change: { do: 'put', key, value },
  outcome,
})
const del = (key: string, outcome: Outcome = 'acked'): SentChange => ({
  change: { do: 'delete', key },
  outcome,
})

const LOG = [append('a'), append('b'), append('c', 'unknown'), append('d')]
const STORE = [put('k', '1'), put('l', '2'), put('k', '3'), del('l'), put('m', '4', 'unknown')]

/** `pass` or the failure's name, and the number of changes. */
const judged = (promise: SubjectPromise, history: SentChange[], contents: Contents): string => {
  const { failures, changes } = judgeContents(promise, history, contents)
  return failures.length === 0 ? `pass ${changes}` : (failures[0]?.name ?? '')
}

test.each<[SubjectPromise, string[], string]>([
  ['durable', ['a', 'b', 'c', 'd'], 'pass 4'],
  ['durable', ['a', 'b', 'd'], 'pass 4'],
  ['durable', ['a', 'b', 'c'], 'acked-lost'],
  ['durable', ['a', 'c', 'd'], 'hole'],
  ['durable', ['b', 'd'], 'hole'],
  ['durable', ['a', 'b', 'd', 'd'], 'phantom'],
  ['durable', ['a', 'b', 'd', 'c'], 'phantom'],
  ['durable', ['a', 'x', 'd'], 'altered'],
  ['durable', ['a', 'b', 'c', 'd', 'e'], 'phantom'],
  ['durable', [], 'acked-lost'],
  ['ordered', [], 'pass 0'],
  ['ordered', ['a', 'b'], 'pass 2'],
  ['ordered', ['a', 'd'], 'hole'],
  ['ordered', ['a', 'x'], 'altered'],
  ['each', ['d', 'a'], 'pass null'],
  ['each', ['a', 'x'], 'altered'],
  ['opens', ['x'], 'pass null'],
])('a log that promises %s and returns %j: %s', (promise, entries, expected) => {
  expect(judged(promise, LOG, { entries })).toBe(expected)
})

test.each<[SubjectPromise, Record<string, string>, string]>([
  ['durable', { k: '3' }, 'pass 5'],
  ['durable', { k: '3', m: '4' }, 'pass 5'],
  ['durable', { k: '3', l: '2' }, 'acked-lost'],
  ['durable', { k: '1' }, 'acked-lost'],
  ['durable', { l: '2' }, 'hole'],
  ['durable', { k: '3', m: '5' }, 'altered'],
  ['durable', { k: '3', z: '1' }, 'phantom'],
  ['ordered', {}, 'pass 0'],
  ['ordered', { k: '1', l: '2' }, 'pass 2'],
  ['ordered', { k: '3', l: '2' }, 'pass 3'],
  ['ordered', { l: '2' }, 'hole'],
  ['ordered', { k: '1' }, 'pass 1'],
  ['each', { k: '1' }, 'pass null'],
  ['each', { l: '2' }, 'acked-lost'],
  ['each', { k: '2' }, 'altered'],
  ['opens', { z: '9' }, 'pass null'],
])('a store that promises %s and returns %j: %s', (promise, values, expected) => {
  expect(judged(promise, STORE, { pairs: Object.entries(values) })).toBe(expected)
})

test.each<[SubjectPromise, string | null, string]>([
  ['durable', 'new', 'pass 2'],
  ['durable', 'old', 'acked-lost'],
  ['durable', null, 'acked-lost'],
  ['durable', 'ne', 'altered'],
  ['ordered', 'old', 'pass 1'],
  ['ordered', null, 'pass 0'],
  ['each', 'old', 'pass null'],
  ['each', null, 'acked-lost'],
  ['each', '', 'altered'],
])('a file that promises %s and holds %j: %s', (promise, content, expected) => {
  const history: SentChange[] = ['old', 'new'].map((text) => ({
    change: { do: 'replace', content: text },
    outcome: 'acked',
  }))
  expect(judged(promise, history, { content })).toBe(expected)
})

test('a key that comes back twice is a phantom', () => {
  const pairs = [
    ['k', '3'],
    ['k', '3'],
  ] as const
  expect(judged('durable', STORE, { pairs })).toBe('phantom')
})

const keys = ['a', 'b', 'c'] as const
const anyChange = fc.oneof(
  fc.constantFrom(...keys).map((key) => ({ do: 'put' as const, key })),
  fc.constantFrom(...keys).map((key) => ({ do: 'delete' as const, key })),
)
const anyHistory = fc.array(fc.tuple(anyChange, fc.boolean()), { maxLength: 14 }).map((all) =>
  all.map(([change, acked], index): SentChange => {
    const outcome = acked ? 'acked' : 'unknown'
    return change.do === 'put'
      ? { change: { ...change, value: `v${index}` }, outcome }
      : { change, outcome }
  }),
)

test('a store passes exactly when some choice of the unknown changes explains what came back', () => {
  fc.assert(
    fc.property(anyHistory, fc.nat(), fc.nat(), (history, bits, cut) => {
      const made = (length: number, chosen: number): Change[] =>
        history
          .slice(0, length)
          .filter(({ outcome }, at) => outcome === 'acked' || ((chosen >> at) & 1) === 1)
          .map(({ change }) => change)
      const length = cut % (history.length + 1)
      const prefix = stateAfter('store', made(length, bits))
      expect(judgeContents('ordered', history, prefix).failures).toEqual([])
      const whole = stateAfter('store', made(history.length, bits))
      expect(judgeContents('durable', history, whole).failures).toEqual([])
      const unknown = history.flatMap(({ outcome }, at) => (outcome === 'unknown' ? [at] : []))
      if (unknown.length > 8) return
      const explained = Array.from({ length: 2 ** unknown.length }, (_, choice) => {
        const chosen = unknown.reduce((sum, at, i) => sum | (((choice >> i) & 1) << at), 0)
        return JSON.stringify(sorted(stateAfter('store', made(history.length, chosen))))
      }).includes(JSON.stringify(sorted(prefix)))
      expect(judgeContents('durable', history, prefix).failures.length === 0).toBe(explained)
    }),
  )
})

function sorted(contents: Contents): unknown {
  return 'pairs' in contents ? contents.pairs.map(([k, v]) => `${k}=${v}`).sort() : contents
}
