import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonText } from './json-text.ts'
import { codeSpan, shellBlock } from './markdown.ts'
import { shellPath, shellWord } from './shell-word.ts'

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '`',
      '|',
      '<',
      '@',
      '\n',
      '$',
      '(',
      "'",
      '"',
      '\\',
      ' ',
      '!',
      '-',
      '~',
      '\u202e',
    ),
  }),
)

test.each([
  ['evidence/amd64/ext4/run-1', 'evidence/amd64/ext4/run-1'],
  ['/tmp/my evidence', "'/tmp/my evidence'"],
  ["it's", "'it'\\''s'"],
  ['$(touch pwned)', "'$(touch pwned)'"],
  ['`id`; rm -rf ~', "'`id`; rm -rf ~'"],
  ['~root', "'~root'"],
  ['a\nb', "$'a\\012b'"],
  ['a\u202eb', "$'a\\342\\200\\256b'"],
  ['', "''"],
])('%j is one word of a shell', (text, word) => {
  expect(shellWord(text)).toBe(word)
})

test('a path that begins with a dash is no flag', () => {
  expect(shellPath('-rf')).toBe('./-rf')
  expect(shellPath('--out $x')).toBe("'./--out $x'")
})

test('bash reads any word as the text that it was, and nothing in it is unseen', () => {
  const texts = fc.sample(
    anyText.filter((text) => Buffer.from(text).toString() === text && !text.includes('\0')),
    300,
  )
  for (const text of texts) expect(shellWord(text)).not.toMatch(UNSEEN)
  const script = `printf '%s\\0' ${texts.map(shellWord).join(' ')}`
  const said = execFileSync('bash', ['-c', script], { encoding: 'utf8' })
  expect(said.split('\0').slice(0, -1)).toEqual(texts)
})

test('a code span holds any text: its fence is longer than any backticks in it', () => {
  expect(codeSpan('plain')).toBe('`plain`')
  expect(codeSpan('a ``b`` c')).toBe('``` a ``b`` c ```')
  expect(codeSpan('')).toBe('` `')
  fc.assert(
    fc.property(anyText, (text) => {
      const span = codeSpan(text)
      const fence = /^`+/.exec(span)?.[0] ?? ''
      expect(span.endsWith(fence)).toBe(true)
      const inside = span.slice(fence.length, span.length - fence.length)
      expect((inside.match(/`+/g) ?? []).every((run) => run.length < fence.length)).toBe(true)
      expect(span).not.toMatch(/[\r\n]/)
    }),
  )
})

test('a block of shell cannot be ended by its line', () => {
  expect(shellBlock(['x ```` y'])).toEqual(['`````sh', 'x ```` y', '`````'])
})

test('JSON that is printed is the same value, and nothing in it is unseen or a command to a runner', () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, anyText), fc.constantFrom(0, 2), (value, indent) => {
      const text = jsonText(value, indent)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(text.replaceAll('\n', '')).not.toMatch(UNSEEN)
    }),
  )
  expect(jsonText('##[error]')).toBe('"##\\u005berror]"')
})
