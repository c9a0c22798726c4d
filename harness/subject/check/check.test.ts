import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { check, firstBroken, sentence } from '../../testing/checked.ts'
import {
  ASYNC_FILE,
  LINES_LOG,
  misbehaving,
  PYTHON_STORE,
  withMore,
} from '../../testing/described.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'

/** Processes that are left running sleep so long, and no others do. */
const SLEEP_SECONDS = String(100_000 + process.pid)

/** The ids of the processes that sleep for a time that no other test sleeps for. */
function sleepers(): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`sleep\0${SLEEP_SECONDS}\0`)
    } catch {
      return false
    }
  })
}

test.each([
  ['a plain module', LINES_LOG],
  ['an async module', ASYNC_FILE],
  ['a command in Python', PYTHON_STORE],
  ['one that needs a new process for each opening', withMore(LINES_LOG, { fresh: true })],
  ['one that takes several changes at once', withMore(PYTHON_STORE, { concurrency: 4 })],
])('%s keeps every rule of the contract', async (_, subject) => {
  const { kept, rules, notes } = await check(subject)
  expect(rules.filter((rule) => rule.kept !== true)).toEqual([])
  expect(rules.length).toBeGreaterThanOrEqual(9)
  expect({ kept, notes }).toEqual({ kept: true, notes: [] })
})

test.each([
  ['dies-at-start', '', 'it ended with exit code 3: no configuration'],
  ['prints', '', /^it (said|answered) "listening on port 6379"/],
  ['says-goodbye', '', 'it said "goodbye" without having been asked'],
  ['crashes', '', 'it ended by SIGSEGV'],
  ['crashes-at-end', '', 'it ended by SIGABRT'],
  ['dies-at', 'open', 'it ended with exit code 7'],
  ['dies-at', 'read', 'it ended with exit code 7'],
  ['dies-at', 'close', 'it ended with exit code 7'],
  ['answers', 'OK', /^it answered "OK" to append, and an answer must be one object of JSON on a l/],
  [
    'answers',
    '{',
    /^it answered "{" to append, and an answer must be one object of JSON on a line/,
  ],
  ['answers', '', /^it answered "" to append, and an answer must be one object of JSON on a line/],
  ['answers', '[]', 'it answered "[]" to append, and an answer must be an object'],
  ['answers', '{"id":ID}', /and it must hold "ok": true or "ok": false$/],
  ['answers', '{"id":ID,"ok":"true"}', /and it must hold "ok": true or "ok": false$/],
  ['answers', '{"id":ID,"ok":false}', /and one with "ok": false must say why in "message"$/],
  ['answers', '{"id":"ID","ok":true}', /and its id must be \d+: each line is answered once/],
  ['answers', '{"id":99,"ok":true}', /and its id must be \d+: each line is answered once/],
  [
    'twice',
    '',
    /^it (said|answered) .* (without having been asked|and its id must be \d+: each line is answered once, in order)$/,
  ],
  ['refuses', '', 'append was refused without a fault: read-only'],
  [
    'alters',
    '',
    /^after 12 changes it holds 12 entries in place of 12, the first difference at entry 7$/,
  ],
  ['wrong-read', '', /what is read of a log stands in "entries", a list of strings$/],
  ['never-writes', '', /^after 12 changes it holds 0 entries in place of 12, the first diff/],
  ['forgets-at-close', '', /^after 12 changes it holds 0 entries in place of 12, the first diff/],
  ['removes-directory', '', /^after 12 changes it holds 0 entries|^open was refused|^it ended/],
  ['forks', '', 'it left 1 of its processes running'],
  ['forks-holding-pipes', '', 'it left 1 of its processes running'],
  ['forks-a-daemon', '', 'it left 2 of its processes running'],
  ['forks-unseen', '', 'it left 1 of its processes running'],
])('a subject that %s %s breaks a rule, which is told in a sentence', async (how, detail, told) => {
  expect(await sentence(misbehaving(how, { detail }))).toMatch(told)
})

test.each(['open', 'append', 'read', 'close'])(
  'a subject that hangs at %s is given up when its time is over',
  async (request) => {
    const subject = misbehaving('hangs-at', { detail: request, timeoutMs: 500 })
    const broken = await firstBroken(subject)
    expect(broken?.detail).toMatch(/^it gave no answer in 500 ms/)
    expect(broken?.evidence?.sent).toContain(`"do":"${request}"`)
    expect(broken?.evidence?.cameBack).toBe('nothing')
  },
)

test('a command that has not said a word is told of newlines and flushes', async () => {
  const subject = misbehaving('hangs-at', { detail: 'open', timeoutMs: 500 })
  expect(await sentence(subject)).toBe(
    'it gave no answer in 500 ms; each answer needs a newline behind it, and a flush, since standard output is a pipe',
  )
})

test('an answer without a newline is shown as such', async () => {
  const subject = misbehaving('answers-unended', { detail: '{"id":ID,"ok":true}', timeoutMs: 500 })
  expect(await sentence(subject)).toMatch(
    /^it gave no answer in 500 ms: it wrote ".*true}", and no newline behind it$/,
  )
})

test('a subject that does not end with its input is killed, and told so', async () => {
  expect(await sentence(misbehaving('stays'))).toMatch(/^it did not end in \d+ ms; it was killed$/)
})

test('a subject that needs a port of its own is told that another one runs beside it', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  expect(await sentence(misbehaving('needs-port', { detail: String(port) }))).toMatch(
    /^while another one runs in another directory: it ended with exit code 1: .*EADDRINUSE/,
  )
})

test.each(['keeps-in-one-place', 'keeps-by-path'])(
  'a subject that %s outside of its directory breaks a rule',
  async (how) => {
    const broken = await firstBroken(misbehaving(how, { detail: temporaryDirectory() }))
    expect(broken).toMatchObject({
      rule: 'all that it keeps is in its directory: with an empty one in its place, it holds nothing',
      detail: 'before any change it holds 12 entries',
    })
  },
)

test.skipIf(process.getuid?.() !== 0).each([
  [
    'takes-rights',
    /^its owner can no longer read, write and enter the directory that it was given/,
  ],
  ['locks-out', /^its owner can no longer read log, whose mode is 0$/],
])('a subject that %s from its owner breaks a rule (tried as root)', async (how, told) => {
  expect(await sentence(misbehaving(how))).toMatch(told)
})

test.each([
  ['leaves-tmp', /^once closed, it left in its directory: log\.1\.tmp, .* and 7 more$/],
  ['leaves-in-tmpdir', 'it left in TMPDIR: scratch-file'],
  ['changes-mode', 'it changed the mode of its directory from 755 to 700'],
  ['replaces-directory', 'it put another directory in the place of its own'],
  ['fails-at-end', 'at the end of its input it ended with exit code 9'],
])('a subject that %s keeps the contract, and a note says so', async (how, note) => {
  const { kept, notes } = await check(misbehaving(how))
  expect(kept).toBe(true)
  expect(notes[0]).toMatch(note)
})

test('rules behind a broken one are not tried', async () => {
  const { rules } = await check(misbehaving('refuses'))
  expect(rules.map(({ kept }) => kept)).toEqual([true, false, ...rules.slice(2).map(() => null)])
})

test('what was sent and what came back are shown where they differ', async () => {
  const broken = await firstBroken(misbehaving('alters'))
  expect(broken?.evidence?.sent).toMatch(/^"1-7: /)
  expect(broken?.evidence?.cameBack).toBe('"x"')
})

test.each(['forks', 'forks-holding-pipes', 'forks-a-daemon', 'forks-unseen'])(
  'nothing is left running of a subject that %s',
  async (how) => {
    await check(misbehaving(how, { detail: SLEEP_SECONDS }))
    expect(sleepers()).toEqual([])
  },
)
