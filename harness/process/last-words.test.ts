import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { LastWords } from './last-words.ts'

async function wordsOf(text: string): Promise<string> {
  const words = new LastWords()
  const stream = Readable.from([text])
  words.listenTo(stream)
  await new Promise((resolve) => stream.once('end', resolve))
  return words.toString()
}

const NODE = `file:///a.mjs:3
  throw new Error('no space')
        ^

Error: no space
    at file:///a.mjs:3:9
    at ModuleJob.run (node:internal/modules/esm/module_job:195:25) {
  code: 'ENOSPC',
  [cause]: TypeError: inner
}

Node.js v20.20.2
`
const PYTHON = `Traceback (most recent call last):
  File "a.py", line 1, in <module>
    import nowhere
ModuleNotFoundError: No module named 'nowhere'
`
const RUST = `thread 'main' panicked at a.rs:2:5:
it is locked
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace
`
const GO = `panic: runtime error: index out of range [1] with length 0

goroutine 1 [running]:
main.main()
	/a.go:5 +0x1d
exit status 2
`
const C = `opening /tmp/x
adapter: adapter.c:7: main: Assertion \`size > 0' failed.
`

test.each([
  ['Node', NODE, 'Error: no space'],
  ['Python', PYTHON, "ModuleNotFoundError: No module named 'nowhere'"],
  ['Rust', RUST, "thread 'main' panicked at a.rs:2:5:\nit is locked"],
  ['Go', GO, 'panic: runtime error: index out of range [1] with length 0'],
  ['C', C, C.trim()],
  ['nobody', '', ''],
])('of what %s writes at its end, the error is told and not the stack', async (_, text, words) => {
  expect(await wordsOf(text)).toBe(words)
})

test('of much that names no error, the last lines are told', async () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => `line ${i}`)
  const words = await wordsOf(lines.join('\n'))
  expect(words.split('\n').at(-1)).toBe('line 9999')
  expect(words.length).toBeLessThanOrEqual(400)
  expect(await wordsOf('x'.repeat(100_000))).toBe('x'.repeat(400))
})
