import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HOME } from '../../subjects/home.ts'
import { Wal } from '../../wal/wal.ts'
import { isVictim, onChildStart, stillRunning, watchChildren } from '../testing/children.ts'
import { makeOpeningHang } from '../testing/hang.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { runVictim } from './run-victim.ts'
import type { Payload } from './subject.ts'
import type { VictimJob } from './victim-protocol.ts'

const ENTRIES: Payload[] = [{ note: 'one' }, { note: 'two' }]
const TIMEOUT_MS = 60_000

function job(over: Partial<VictimJob> = {}): VictimJob {
  const directory = over.directory ?? temporaryDirectory()
  return { subject: 'wal', directory, entries: ENTRIES, trace: false, ...over }
}

function notes(directory: string): unknown[] {
  const wal = Wal.open(directory, { environment: {} })
  const read = Array.from(wal.readFrom(0n), ({ fields }) => fields.note)
  wal.close()
  return read
}

test('without a point it runs to its end, and what it acknowledged is there', async () => {
  const directory = temporaryDirectory()
  const end = await runVictim(job({ directory }), { home: HOME, timeoutMs: TIMEOUT_MS })
  expect(end).toMatchObject({
    acked: [{ seq: '1' }, { seq: '2' }],
    done: true,
    killed: false,
    operations: [],
  })
  expect(end).toMatchObject({ announced: undefined, refused: undefined })
  expect(notes(directory)).toEqual(['one', 'two'])
})

test('it tells of every operation in order, when it is to trace', async () => {
  const { operations } = await runVictim(job({ trace: true }), {
    home: HOME,
    timeoutMs: TIMEOUT_MS,
  })
  expect(operations.map(({ number }) => number)).toEqual(operations.map((_, i) => i + 1))
  expect([...new Set(operations.map(({ during }) => during))]).toEqual([
    'open',
    'append 1',
    'append 2',
    'close',
  ])
  const second = operations.filter(({ during }) => during === 'append 2')
  expect(second.map(({ name }) => name)).toEqual([
    'safe-seq-peek',
    'wal-look',
    'wal-write',
    'wal-sync',
    'safe-seq-tmp-open',
    'safe-seq-tmp-write',
    'safe-seq-tmp-sync',
    'safe-seq-tmp-close',
    'wal-size',
    'safe-seq-tmp-rename',
    'directory-sync',
  ])
})

test('at its point it has announced it, and ended by SIGKILL', async () => {
  const { operations } = await runVictim(job({ trace: true }), {
    home: HOME,
    timeoutMs: TIMEOUT_MS,
  })
  const write = operations.find(({ during, name }) => during === 'append 2' && name === 'wal-write')
  const number = write?.number as number
  const directory = temporaryDirectory()
  const point = { moment: 'within', number, name: '', writtenBytes: 7 } as const
  const end = await runVictim(job({ directory, point }), { home: HOME, timeoutMs: TIMEOUT_MS })
  expect(end).toMatchObject({ acked: [{ seq: '1' }], done: false, killed: true })
  expect(end.announced).toEqual({ operation: write, writtenBytes: 7 })
  const log = readFileSync(join(directory, 'telemetry.wal'))
  expect(log.length).toBe(4 + log.readUInt32BE() + 7)
  expect(notes(directory)).toEqual(['one'])
})

test('a point that it never comes to lets it end, and not be killed', async () => {
  const point = { moment: 'before', number: 9999, name: '' } as const
  const end = await runVictim(job({ point }), { home: HOME, timeoutMs: TIMEOUT_MS })
  expect(end).toMatchObject({ done: true, killed: false, announced: undefined })
})

test('one that is killed from outside has announced nothing', async () => {
  const directory = temporaryDirectory()
  makeOpeningHang(directory)
  onChildStart((child) => child.kill('SIGKILL'))
  const point = { moment: 'before', number: 9999, name: '' } as const
  const end = await runVictim(job({ directory, point }), { home: HOME, timeoutMs: TIMEOUT_MS })
  expect(end).toMatchObject({ acked: [], killed: true, announced: undefined, done: false })
})

test('one that gives no end is given up, and that is no kill', async () => {
  const children = watchChildren()
  const directory = temporaryDirectory()
  makeOpeningHang(directory)
  const end = await runVictim(job({ directory }), { home: HOME, timeoutMs: 500 })
  expect(end).toMatchObject({ killed: false, done: false, ending: 'it gave no end in 500 ms' })
  expect(stillRunning(children)).toEqual([])
})

test('aborting it ends it, and throws the reason', async () => {
  const children = watchChildren()
  const directory = temporaryDirectory()
  makeOpeningHang(directory)
  const abort = new AbortController()
  onChildStart(() => abort.abort(new Error('enough')))
  const options = { home: HOME, timeoutMs: TIMEOUT_MS, signal: abort.signal }
  await expect(runVictim(job({ directory }), options)).rejects.toThrow('enough')
  expect(children.filter(isVictim)).toHaveLength(1)
  expect(stillRunning(children)).toEqual([])
})

test('once aborted, none is started', async () => {
  const children = watchChildren()
  const options = {
    home: HOME,
    timeoutMs: TIMEOUT_MS,
    signal: AbortSignal.abort(new Error('enough')),
  }
  await expect(runVictim(job(), options)).rejects.toThrow('enough')
  expect(children).toEqual([])
})

test('a subject that refuses says why', async () => {
  const directory = join(temporaryDirectory(), 'not-there')
  const end = await runVictim(job({ directory }), { home: HOME, timeoutMs: TIMEOUT_MS })
  expect(end).toMatchObject({ done: false, killed: false, acked: [] })
  expect(end.refused).toMatchObject({ code: 'DISK_FAILED', osCode: 'ENOENT' })
  expect(end.ending).toMatch(/^the subject refused: DISK_FAILED/)
})

test('a victim that breaks says so in its ending', async () => {
  const end = await runVictim(job({ subject: 'nobody' }), { home: HOME, timeoutMs: TIMEOUT_MS })
  expect(end).toMatchObject({ done: false, killed: false, refused: undefined })
  expect(end.ending).toMatch(/^it ended with exit code 1: .*there is no subject named nobody/s)
})
