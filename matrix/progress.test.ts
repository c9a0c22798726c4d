import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { type Amount, createProgress } from './progress.ts'

/** What progress writes to a stream that is no terminal, or one that is. */
function written(amount: Amount, isTTY: boolean): string {
  const stream = Object.assign(new PassThrough(), {
    isTTY,
    columns: 80,
    cursorTo() {},
    clearLine() {},
    moveCursor() {},
  })
  const progress = createProgress({ stream: stream as never, amount })
  progress.line('news')
  progress.problem('what failed')
  progress.detail('a case')
  progress.now('kill on ext4')
  progress.count('kill on ext4', 3, { of: 20, unit: 'kills' })
  progress.line('an escape \u001b[31m')
  progress.end()
  return String(stream.read() ?? '')
}

test.each([
  ['quiet', ['what failed']],
  ['usual', ['news', 'what failed', 'an escape \\u{1b}[31m']],
  ['verbose', ['news', 'what failed', 'a case', 'an escape \\u{1b}[31m']],
] as const)('where there is no terminal, %s progress is lines that stay', (amount, lines) => {
  expect(written(amount, false)).toBe(lines.map((line) => `${line}\n`).join(''))
})

test('a terminal shows how far it has come, unless it is to be quiet', () => {
  expect(written('usual', true)).toContain('kill on ext4: 3/20 kills')
  expect(written('quiet', true)).toBe('what failed\n')
})
