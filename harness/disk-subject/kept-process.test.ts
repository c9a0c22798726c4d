import type { ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { HOME } from '../../subjects/home.ts'
import { Wal } from '../../wal/wal.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { onChildStart, stillRunning, watchChildren } from '../testing/children.ts'
import { dyingRuntime } from '../testing/dying-runtime.ts'
import { makeOpeningHang } from '../testing/hang.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { KeptProcess } from './kept-process.ts'
import { RecoveryGone } from './recovery-gone.ts'

const TIMEOUT_MS = 60_000

afterEach(() => void vi.useRealTimers())

/** A log with these notes, in a directory of its own. */
function logOf(...notes: string[]): string {
  const directory = temporaryDirectory()
  const wal = Wal.open(directory, { environment: {} })
  for (const note of notes) wal.append({ note })
  wal.close()
  return directory
}

function hanging(): string {
  const directory = temporaryDirectory()
  makeOpeningHang(directory)
  return directory
}

function recoverer(timeoutMs = TIMEOUT_MS, signal?: AbortSignal): KeptProcess {
  const made = new KeptProcess({ home: HOME, timeoutMs, signal })
  onTestFinished(() => made.stop())
  return made
}

function entries(...notes: string[]): unknown {
  return notes.map((note, i) => ({ seq: String(i + 1), json: JSON.stringify({ note }) }))
}

test('one process recovers one directory after another', async () => {
  const children = watchChildren()
  const asked = recoverer()
  for (const notes of [['one'], ['one', 'two'], []]) {
    const { outcome } = await asked.visit({ subject: 'wal', directory: logOf(...notes) })
    expect(outcome).toEqual({ entries: entries(...notes) })
  }
  expect(children).toHaveLength(1)
})

test('what is given is appended before it reads', async () => {
  const directory = logOf('one')
  const append = [{ note: 'two' }, { note: 'three' }]
  const reply = await recoverer().visit({ subject: 'wal', directory, append })
  expect(reply.outcome).toEqual({ entries: entries('one', 'two', 'three') })
  expect(reply.acked).toEqual([{ seq: '2' }, { seq: '3' }])
})

test('an append that is refused is an answer, with the seqs of those before it', async () => {
  const append = [{ note: 'one' }, { seq: 2 }, { note: 'three' }]
  const reply = await recoverer().visit({ subject: 'wal', directory: logOf(), append })
  expect(reply.outcome).toMatchObject({ refused: { code: 'FIELDS_INVALID' } })
  expect(reply.acked).toEqual([{ seq: '1' }])
})

test('a subject that refuses is an answer, with its own records', async () => {
  const directory = logOf('one')
  rmSync(join(directory, 'telemetry.wal'))
  const { outcome, records } = await recoverer().visit({ subject: 'wal', directory })
  expect(outcome).toMatchObject({ refused: { code: 'SAFESEQ_NOT_FOUND', osCode: null } })
  expect(records).toMatchObject([{ message: 'WAL_RECOVERY_FAIL_HARD' }])
})

test('the operations of opening are told when they are to be traced, and those of reading are not', async () => {
  const asked = recoverer()
  const directory = logOf('one')
  const traced = await asked.visit({ subject: 'wal', directory, trace: true })
  expect(new Set(traced.operations.map(({ during }) => during))).toEqual(new Set(['open']))
  expect(traced.operations.slice(-2).map(({ name }) => name)).toEqual([
    'directory-sync',
    'wal-identity',
  ])
  const { operations } = await asked.visit({ subject: 'wal', directory })
  expect(operations).toEqual([])
})

test('one that dies in the middle cannot judge, and the next request is answered', async () => {
  const children = watchChildren()
  const asked = recoverer()
  const good = logOf('one')
  await asked.visit({ subject: 'wal', directory: good })
  const lost = asked.visit({ subject: 'wal', directory: hanging() })
  ;(children[0] as ChildProcess).kill('SIGKILL')
  await expect(lost).rejects.toThrow(new CannotJudge('the recoverer ended by SIGKILL'))
  const { outcome } = await asked.visit({ subject: 'wal', directory: good })
  expect(outcome).toMatchObject({ entries: entries('one') })
})

test('one that breaks says in its last words why', async () => {
  const lost = recoverer().visit({ subject: 'nobody', directory: logOf() })
  await expect(lost).rejects.toThrow(CannotJudge)
  await expect(lost).rejects.toThrow(
    /^the recoverer ended with exit code 1: .*there is no subject named nobody/s,
  )
  // It never came to open a subject.
  await expect(lost).rejects.not.toBeInstanceOf(RecoveryGone)
})

test.each([
  ['SIGSEGV', 'ended by SIGSEGV'],
  ['exit', 'ended with exit code 3'],
  ['hang', 'gave no answer in 2000 ms'],
] as const)('one that comes to its end by %s over the subject is gone', async (end, how) => {
  const asked = new KeptProcess({ home: HOME, timeoutMs: 2000, runtime: dyingRuntime(end, 1) })
  onTestFinished(() => asked.stop())
  const directory = logOf('one')
  const gone = asked.visit({ subject: 'wal', directory })
  await expect(gone).rejects.toThrow(new RecoveryGone(`the recoverer ${how}`))
  await expect(gone).rejects.toBeInstanceOf(RecoveryGone)
  const { outcome } = await asked.visit({ subject: 'wal', directory })
  expect(outcome).toEqual({ entries: entries('one') })
})

test('another one like it is another process', async () => {
  const children = watchChildren()
  const asked = recoverer()
  const other = asked.another()
  onTestFinished(() => other.stop())
  for (const each of [asked, other]) {
    const { outcome } = await each.visit({ subject: 'wal', directory: logOf('one') })
    expect(outcome).toEqual({ entries: entries('one') })
  }
  expect(children).toHaveLength(2)
})

test('one that hangs cannot judge, is ended, and the next request is answered', async () => {
  const children = watchChildren()
  const asked = recoverer()
  const good = logOf('one')
  await asked.visit({ subject: 'wal', directory: good })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const hung = asked.visit({ subject: 'wal', directory: hanging() })
  vi.advanceTimersByTime(TIMEOUT_MS)
  await expect(hung).rejects.toThrow(new CannotJudge('the recoverer gave no answer in 60000 ms'))
  const { outcome } = await asked.visit({ subject: 'wal', directory: good })
  expect(outcome).toMatchObject({ entries: entries('one') })
  await asked.stop()
  expect(children).toHaveLength(2)
  expect(stillRunning(children)).toEqual([])
})

test('an answer that comes too late is not taken for the next request’s', async () => {
  const asked = recoverer()
  await asked.visit({ subject: 'wal', directory: logOf() })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const late = asked.visit({ subject: 'wal', directory: logOf('late') })
  // The answer comes while this process looks away, and the time is up before it looks again.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
  vi.advanceTimersByTime(TIMEOUT_MS)
  await expect(late).rejects.toThrow(CannotJudge)
  const { outcome } = await asked.visit({ subject: 'wal', directory: logOf('next') })
  expect(outcome).toMatchObject({ entries: entries('next') })
})

test('aborting ends it and throws the reason, and from then on nothing is started', async () => {
  const children = watchChildren()
  const abort = new AbortController()
  const asked = recoverer(TIMEOUT_MS, abort.signal)
  onChildStart(() => setImmediate(() => abort.abort(new Error('enough'))))
  const request = { subject: 'wal', directory: hanging() }
  await expect(asked.visit(request)).rejects.toThrow('enough')
  await expect(asked.visit(request)).rejects.toThrow('enough')
  await asked.stop()
  expect(children).toHaveLength(1)
  expect(stillRunning(children)).toEqual([])
})

test('stopping one that was never needed, or twice, does nothing', async () => {
  const asked = recoverer()
  await asked.stop()
  await asked.stop()
})
