import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonProblem } from './json-problem.ts'

test.each([
  ['', 1, 1, 'a value must stand there, and the file ends'],
  ['{', 1, 2, 'a key in double quotation marks must stand there, and the file ends'],
  ['{"a": }', 1, 7, 'a value must stand there, and not }'],
  ['{"a": 1,\n}', 2, 1, 'a key in double quotation marks must stand there, and not }'],
  ['[1, 2,]', 1, 7, 'a value must stand there, and not ]'],
  ['{"a": 1\n "b": 2}', 2, 2, 'a comma or } must stand there, and not "'],
  ['{a: 1}', 1, 2, 'a key in double quotation marks must stand there, and not a'],
  ["{'a': 1}", 1, 2, 'JSON wants double quotation marks'],
  ['{ // name\n}', 1, 3, 'JSON has no comments'],
  ['{"a" 1}', 1, 6, 'a colon must stand there, and not 1'],
  ['{"a": "x\n"}', 1, 7, 'this text has no closing quotation mark'],
  ['{"a": "x', 1, 7, 'this text has no closing quotation mark'],
  ['{"a": "\t"}', 1, 8, 'a control character must be written as an escape, such as \\t'],
  ['{"a": "\\x"}', 1, 8, 'this escape is none of JSON'],
  ['{"a": undefined}', 1, 7, 'a value must stand there, and not undefined'],
  ['{"a": 01}', 1, 8, 'a comma or } must stand there, and not 1'],
  ['{} {}', 1, 4, 'the end of the file must stand there, and not {'],
  ['{"😀": 1, "😀": 2}', 1, 10, '"😀" stands twice'],
  ['{"a": 1, "\\u0061": 2}', 1, 10, '"a" stands twice'],
  ['['.repeat(1000), 1, 102, 'it is nested too deeply'],
])('%j is not JSON from its line and column on', (text, line, column, what) => {
  expect(jsonProblem(text)).toEqual({ line, column, what })
})

test('a text is JSON for the scan exactly when it is for JSON.parse', () => {
  const mutated = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ' ', '\n', '\\', '0', '\u007f'))
    .map(([text, at, put]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + put + text.slice(place + 1)
    })
  fc.assert(
    fc.property(fc.oneof(fc.json(), mutated), (text) => {
      const problem = jsonProblem(text)
      if (problem?.what.endsWith('stands twice') || problem?.what.endsWith('deeply')) return
      let parses = true
      try {
        JSON.parse(text)
      } catch {
        parses = false
      }
      expect(problem === null).toBe(parses)
    }),
  )
})
