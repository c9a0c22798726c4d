import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainLine, shown, shownPath } from './shown.ts'

/** Controls, format characters, lone surrogates, private use, separators of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '\u001b',
      '[',
      '3',
      '1',
      'm',
      '\n',
      '\r',
      ':',
      '#',
      ' ',
      '\u202e',
      '\ud800',
      '\u0301',
    ),
  }),
)

test.each([
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['a colour by one byte', '\u009b31mred', 'red'],
  ['a link of the terminal', '\u001b]8;;http://evil\u0007here\u001b]8;;\u0007', 'here'],
  ['what moves the cursor', 'a\u001b[2J\u001b[Hb', 'ab'],
  ['a new line', 'failed\ngate: pass', 'failed gate: pass'],
  ['a carriage return', 'gate: fail\rgate: pass', 'gate: fail gate: pass'],
  ['a backspace', 'fail\b\b\b\bpass', 'fail\\u{8}\\u{8}\\u{8}\\u{8}pass'],
  ['an override of the direction', '\u202essap :etag', '\\u{202e}ssap :etag'],
  ['an isolate', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
  ['a zero-width space', 'pa\u200bss', 'pa\\u{200b}ss'],
  ['a separator of lines', 'a\u2028b\u2029c', 'a b c'],
  ['half a surrogate pair', 'a\ud800b', 'a\\u{d800}b'],
  ['letters of tags', 'a\u{e0041}', 'a\\u{e0041}'],
  ['a selector of variants', 'a\ufe0f', 'a\\u{fe0f}'],
  ['marks without end', `e${'\u0301'.repeat(50)}`, 'e\u0301\u0301\u0301'],
  ['many spaces', `x${' '.repeat(500)}gate: pass`, 'x gate: pass'],
  ['a command to GitHub’s runner', 'x ##[stop-commands]y', 'x ## [stop-commands]y'],
  ['letters of any script', 'Grüße, 漢字, عربى 😀', 'Grüße, 漢字, عربى 😀'],
])('%s is shown so that it does nothing', (_, text, expected) => {
  expect(shown(text)).toBe(expected)
})

test('whatever a text holds, it is shown on one line, without anything unseen, and not for long', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 20, max: 100 }), (text, maxChars) => {
      for (const each of [shown(text, maxChars), shownPath(text, maxChars)]) {
        expect(each).not.toMatch(UNSEEN)
        expect(each).not.toContain('##[')
        expect([...each].length).toBeLessThanOrEqual(maxChars)
      }
    }),
  )
})

test('what is shown once is shown the same again', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(shown(shown(text))).toBe(shown(text))
    }),
  )
})

test('a line is one line and no command to GitHub’s runner, whatever it holds; its spaces stay', () => {
  expect(plainLine('  runs here    amd64/ext4')).toBe('  runs here    amd64/ext4')
  expect(plainLine('::error::x')).toBe(': :error::x')
  expect(plainLine(' ::error::x')).toBe(' : :error::x')
  fc.assert(
    fc.property(anyText, (text) => {
      const line = plainLine(text)
      expect(line).not.toMatch(UNSEEN)
      expect(line.trimStart().startsWith('::')).toBe(false)
      expect(line).not.toContain('##[')
    }),
  )
})

test('a text is cut at its end, a path and a line in the middle', () => {
  expect(shown('x'.repeat(1000), 10)).toBe(`${'x'.repeat(9)}…`)
  expect(shown('😀'.repeat(1000), 3)).toBe('😀😀…')
  expect(shownPath(`/${'x'.repeat(1000)}/run-1`, 21)).toBe(`/${'x'.repeat(9)}…xxxx/run-1`)
  const line = plainLine(`pullplug: ${'x'.repeat(100_000)} cannot be read: EACCES`)
  expect(line.length).toBeLessThanOrEqual(2000)
  expect(line).toMatch(/^pullplug: x+…x+ cannot be read: EACCES$/)
})
