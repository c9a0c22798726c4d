import { expect, test } from 'vitest'
import { byCause } from './causes.ts'
import { filesInWords } from './files-in-words.ts'
import {
  alikePath,
  bytesInWords,
  changeInWords,
  cutTo,
  promiseInWords,
  returnedInWords,
  sentence,
  titleOf,
} from './words.ts'

test('a change is told by its number and the beginning of its content', () => {
  expect(changeInWords({ do: 'append', entry: 'one' }, 3)).toBe('append 3 ("one")')
  expect(changeInWords({ do: 'replace', content: 'x'.repeat(5000) }, 1)).toBe(
    'replace 1 ("xxxxxxxxxxxxxxxxxxx…", 5,000 characters)',
  )
  expect(changeInWords({ do: 'put', key: 'a', value: '' }, 2)).toBe('put 2 ("a": "")')
  expect(changeInWords({ do: 'delete', key: 'a\n' }, 2)).toBe('delete 2 ("a\\n")')
})

test('a title is of at most 100 characters', () => {
  expect(titleOf('acked-lost', 'a kill before write log')).toBe(
    'what was acknowledged is gone after a kill before write log',
  )
  const long = titleOf('silent', `a kill before write ${'x'.repeat(200)}`)
  expect([[...long].length, long.at(-1)]).toEqual([100, '…'])
  expect(cutTo('😀'.repeat(5), 3)).toBe('😀😀…')
})

test('what came back says of which part of the history it is the state', () => {
  const lost = { name: 'acked-lost', detail: 'change 3 is gone' } as const
  expect(returnedInWords(lost, 2, 3)).toBe('The state after 2 of 3: change 3 is gone.')
  expect(returnedInWords(lost, 3, 3)).toBe('The state after all of them: change 3 is gone.')
  expect(returnedInWords({ ...lost, name: 'altered' }, null, 3)).toBe(
    'Something else: change 3 is gone.',
  )
  expect(returnedInWords({ name: 'refused', detail: 'it is torn.' }, null, 3)).toBe(
    'Nothing: it is torn.',
  )
})

test('the promise that is broken is told with the subject’s own words where they are known', () => {
  expect(promiseInWords('opens', 'kill', {})).toBe(
    'Opens after a kill: that it opens and can be read; nothing is said of the content.',
  )
  expect(promiseInWords('durable', 'full-disk', { words: 'never lost' })).toMatch(
    /^Durable after a full disk: .*\. In its own words: “never lost”$/,
  )
})

test('paths that differ in numbers alone are alike', () => {
  expect(alikePath('write store.json.1a2b3c4d5e to 17.log')).toBe('write store.json.# to #.log')
  expect(alikePath('write decade.log')).not.toBe(alikePath('write facade.log'))
})

test('files are told with their sizes, and no more than six of them', () => {
  const files = Array.from({ length: 8 }, (_, at) => ({ path: `f${at}`, sizeBytes: at }))
  expect(filesInWords([])).toBe('Its directory was empty.')
  expect(filesInWords(files.slice(0, 2))).toBe('Its directory held f0 (0 bytes), f1 (1 byte).')
  expect(filesInWords(files)).toMatch(/f5 \(5 bytes\), and 2 more\.$/)
  expect(bytesInWords(6656)).toBe('6,656 bytes')
  expect(sentence('is it?')).toBe('Is it?')
})

test('failures alike in cause are counted, and the first stands for them', () => {
  expect(byCause(['a1', 'b1', 'a2'], (each) => each[0] as string)).toEqual([
    { first: 'a1', all: ['a1', 'a2'], count: 2 },
    { first: 'b1', all: ['b1'], count: 1 },
  ])
})
