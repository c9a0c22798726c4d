import { expect, test } from 'vitest'
import type { Contents, Outcome, SentChange, SubjectKind } from '../subject/change.ts'
import { stateWith } from '../subject/state.ts'
import type { FailureName } from './failure.ts'
import { judgeAfterError, type StruckHistory } from './judge-after-error.ts'
import type { SeenRecovery } from './judge-recovery.ts'
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
const replace = (content: string, outcome: Outcome = 'acked'): SentChange => ({
  change: { do: 'replace', content },
  outcome,
})

const NEXT = {
  log: append('next').change,
  store: put('next', 'n').change,
  file: replace('next').change,
} as const

/** A recovery that gives `contents`, and does nothing wrong behind it, but for `over`. */
function seen(kind: SubjectKind, contents: Contents, over: Partial<SeenRecovery> = {}) {
  const next = { change: NEXT[kind], after: { contents: stateWith(kind, contents, NEXT[kind]) } }
  return { first: { contents }, destroyedByRefusal: [], second: { contents }, next, ...over }
}

interface Given {
  promise?: SubjectPromise
  history: SentChange[]
  struck: StruckHistory
}

const kindOf = (contents: Contents): SubjectKind =>
  'entries' in contents ? 'log' : 'pairs' in contents ? 'store' : 'file'

function namesOf({ promise = 'durable', history, struck }: Given, contents: Contents) {
  const kind = kindOf(contents)
  const { failures } = judgeAfterError(kind, promise, history, struck, seen(kind, contents))
  return failures.map(({ name }) => name)
}

/** The change at place 2, the third, met the error. */
const AT_C: StruckHistory = { change: 2, sent: 2 }
/** An opening met it, behind two changes. */
const OPENING: StruckHistory = { change: null, sent: 2 }

const FALSE_LOG = [append('a'), append('b'), append('c'), append('d'), append('e')]
const HONEST_LOG = [append('a'), append('b'), append('c', 'unknown'), append('d'), append('e')]

test.each<[string, SentChange[], string[], FailureName[]]>([
  ['all that was acknowledged', FALSE_LOG, ['a', 'b', 'c', 'd', 'e'], []],
  ['all but what met the error', FALSE_LOG, ['a', 'b', 'd', 'e'], ['false-success']],
  ['all but what was refused', HONEST_LOG, ['a', 'b', 'd', 'e'], []],
  ['what was refused as well', HONEST_LOG, ['a', 'b', 'c', 'd', 'e'], []],
  ['nothing behind what was refused', HONEST_LOG, ['a', 'b'], ['silent']],
  ['what was refused and nothing behind it', HONEST_LOG, ['a', 'b', 'c'], ['silent']],
  ['some of what came behind it', HONEST_LOG, ['a', 'b', 'd'], ['silent']],
  ['what met the error and nothing behind it', FALSE_LOG, ['a', 'b', 'c'], ['silent']],
  ['nothing from the error on', FALSE_LOG, ['a', 'b'], ['false-success', 'silent']],
  ['less than there was before it', HONEST_LOG, ['a'], ['destroyed']],
  ['nothing at all', FALSE_LOG, [], ['destroyed']],
  ['what was there before it, altered', HONEST_LOG, ['a', 'x', 'd', 'e'], ['destroyed']],
  ['the half of what was refused', HONEST_LOG, ['a', 'b', 'c-', 'd', 'e'], ['altered']],
])('of a log comes back %s', (_, history, entries, expected) => {
  expect(namesOf({ history, struck: AT_C }, { entries })).toEqual(expected)
})

test('what met the error as the last change and is gone, with what was there before, is both', () => {
  const history = [append('a'), append('b'), append('c')]
  const given = { history, struck: AT_C }
  expect(namesOf(given, { entries: ['a'] })).toEqual(['false-success', 'destroyed'])
  expect(namesOf(given, { entries: ['b', 'c'] })).toEqual(['destroyed'])
  const refused = [append('a'), append('b'), append('c', 'unknown')]
  expect(namesOf({ ...given, history: refused }, { entries: ['a'] })).toEqual(['destroyed'])
})

const BEFORE = [put('k', '1'), put('l', '2')]

test.each<[string, SentChange[], Record<string, string>, FailureName[]]>([
  ['what met the error', [put('k', '3'), put('m', '4')], { k: '3', l: '2', m: '4' }, []],
  ['the old value', [put('k', '3'), put('m', '4')], { k: '1', l: '2', m: '4' }, ['false-success']],
  [
    'a key that was deleted',
    [del('k'), put('m', '4')],
    { k: '1', l: '2', m: '4' },
    ['false-success'],
  ],
  [
    'not what came behind',
    [put('k', '3', 'unknown'), put('m', '4')],
    { k: '1', l: '2' },
    ['silent'],
  ],
  ['nothing new', [put('k', '3'), put('m', '4')], { k: '1', l: '2' }, ['false-success', 'silent']],
  [
    'another key less',
    [put('k', '3', 'unknown'), put('m', '4')],
    { k: '3', m: '4' },
    ['destroyed'],
  ],
  ['nothing', [put('k', '3')], {}, ['false-success', 'destroyed']],
  ['nothing, as was asked', [del('k')], {}, ['destroyed']],
  ['a torn value', [put('k', '3', 'unknown')], { k: '', l: '2' }, ['destroyed']],
])('of a store comes back %s', (_, behind, values, expected) => {
  const given = { history: [...BEFORE, ...behind], struck: AT_C }
  expect(namesOf(given, { pairs: Object.entries(values) })).toEqual(expected)
})

test.each<[string, SentChange[], string | null, FailureName[]]>([
  ['the new content', [replace('c')], 'c', []],
  ['the old one', [replace('c')], 'b', ['false-success']],
  ['the old one, and said so', [replace('c', 'unknown')], 'b', []],
  ['one from before that', [replace('c', 'unknown')], 'a', ['destroyed']],
  ['none', [replace('c', 'unknown')], null, ['destroyed']],
  ['half of the new one', [replace('c-c')], 'c-', ['false-success', 'destroyed']],
  ['what met the error, and not the next', [replace('c'), replace('d')], 'c', ['silent']],
  ['neither', [replace('c'), replace('d')], 'b', ['false-success', 'silent']],
])('of a file comes back %s', (_, behind, content, expected) => {
  const given = { history: [replace('a'), replace('b'), ...behind], struck: AT_C }
  expect(namesOf(given, { content })).toEqual(expected)
})

test('an error that an opening met makes nothing behind it go nowhere, and destroys nothing', () => {
  const given = { history: FALSE_LOG, struck: OPENING }
  expect(namesOf(given, { entries: ['a', 'b', 'c', 'd', 'e'] })).toEqual([])
  expect(namesOf(given, { entries: ['a', 'b'] })).toEqual(['silent'])
  expect(namesOf(given, { entries: ['c', 'd', 'e'] })).toEqual(['destroyed'])
})

test.each<[SubjectPromise, string[], FailureName[]]>([
  ['ordered', ['a', 'b'], []],
  ['ordered', ['a', 'b', 'c'], []],
  ['ordered', ['a', 'b', 'd', 'e'], []],
  ['ordered', ['a', 'd'], []],
  ['ordered', ['a', 'e'], ['destroyed']],
  ['ordered', ['b', 'c', 'd', 'e'], ['destroyed']],
  ['ordered', ['a', 'b', 'c', 'e'], ['silent']],
  ['ordered', ['b'], ['destroyed']],
  ['each', ['e', 'a'], []],
  ['each', ['a', 'x'], ['altered']],
  ['opens', ['x'], []],
])('a log that promises %s is held to that and no more: %j', (promise, entries, expected) => {
  expect(namesOf({ promise, history: FALSE_LOG, struck: AT_C }, { entries })).toEqual(expected)
})

test('a store that promises each is not held to the last value of a key', () => {
  const history = [...BEFORE, put('m', '3'), put('k', '4')]
  const given = { promise: 'each', history, struck: AT_C } as const
  expect(namesOf(given, { pairs: Object.entries({ k: '1', l: '2', m: '3' }) })).toEqual([])
  const lost = { pairs: Object.entries({ k: '1', l: '2' }) }
  expect(namesOf(given, lost)).toEqual(['false-success'])
})

test('a promise that lets the last changes be gone lets those be that were the last at an opening', () => {
  const struck = { ...AT_C, openings: [0, 4] }
  const given = { promise: 'ordered', history: FALSE_LOG, struck } as const
  expect(namesOf(given, { entries: ['a', 'e'] })).toEqual([])
  expect(namesOf({ ...given, promise: 'durable' }, { entries: ['a', 'e'] })).toEqual(['destroyed'])
  expect(namesOf({ ...given, struck: AT_C }, { entries: ['a', 'e'] })).toEqual(['destroyed'])
  // An opening before the error has nothing to do with it.
  const before = { ...given, struck: { change: 4, sent: 4, openings: [2] } }
  expect(namesOf(before, { entries: ['a', 'c', 'd', 'e'] })).toEqual(['destroyed'])
  expect(
    namesOf(
      { ...given, history: FALSE_LOG, struck: { ...OPENING, openings: [2] } },
      { entries: ['d', 'e'] },
    ),
  ).toEqual(['destroyed'])
  expect(
    namesOf({ ...given, struck: { ...OPENING, openings: [2] } }, { entries: ['c', 'd', 'e'] }),
  ).toEqual([])
})

test('what is no matter of the contents keeps its name', () => {
  const contents = { entries: ['a', 'b', 'd', 'e'] }
  const others: [FailureName[], Partial<SeenRecovery>][] = [
    [['not-idempotent'], { second: { contents: { entries: [] } } }],
    [['wrong-next'], { next: { change: NEXT.log, after: { contents } } }],
    [['refused'], { next: { change: NEXT.log, after: { refused: 'no' } } }],
  ]
  for (const [expected, over] of others) {
    const look = seen('log', contents, over)
    const names = (history: SentChange[]) =>
      judgeAfterError('log', 'durable', history, AT_C, look).failures.map(({ name }) => name)
    expect(names(HONEST_LOG)).toEqual(expected)
    expect(names(FALSE_LOG)).toEqual(['false-success', ...expected])
  }
})

test('what refuses to open is refused, and destroyed where it altered files', () => {
  const names = (destroyedByRefusal: string[]) =>
    judgeAfterError('log', 'durable', FALSE_LOG, AT_C, {
      first: { refused: 'no' },
      destroyedByRefusal,
    }).failures.map(({ name }) => name)
  expect(names([])).toEqual(['refused'])
  expect(names(['log'])).toEqual(['refused', 'destroyed'])
})

test('a failure is told with what the contents lack, and a pass with its number of changes', () => {
  const judged = (entries: string[]) =>
    judgeAfterError('log', 'durable', HONEST_LOG, AT_C, seen('log', { entries }))
  expect(judged(['a', 'b']).failures).toEqual([
    { name: 'silent', detail: '4 entries were acknowledged and the last 2 are gone' },
  ])
  expect(judged(['a', 'b', 'd', 'e'])).toEqual({ changes: 5, failures: [] })
})
