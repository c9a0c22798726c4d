import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { HOME } from '../../subjects/home.ts'
import { leavePhantom, rotEntry } from '../../subjects/wal/damage.ts'
import { roleOf } from '../../subjects/wal/roles.ts'
import { nodeDisk } from '../../wal/node-disk.ts'
import { Wal } from '../../wal/wal.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { KeptProcess } from './kept-process.ts'
import type { Operation } from './operations.ts'
import { pointDisk } from './point-disk.ts'
import type { Payload } from './subject.ts'
import { operationsUpTo, traceRecovery, traceWriter } from './trace.ts'

const ENTRIES: Payload[] = [{ note: 'one' }, { note: 'two' }, { note: 'three' }]
const WAL = { home: HOME, subject: 'wal', timeoutMs: 60_000 }

/** What opening the log in `directory` and appending does, counted in this process. */
function counted(directory: string, entries: Payload[]): Operation[] {
  const operations: Operation[] = []
  let during = 'open'
  const onOperation = (operation: Operation): void => void operations.push(operation)
  const disk = pointDisk(nodeDisk, { during: () => during, onOperation, roleOf })
  const wal = Wal.open(directory, { disk, environment: {} })
  for (const [index, fields] of entries.entries()) {
    during = `append ${index + 1}`
    wal.append(fields)
  }
  const all = [...operations]
  wal.close()
  return all
}

function recoverer(): KeptProcess {
  const made = new KeptProcess(WAL)
  onTestFinished(() => made.stop())
  return made
}

test('the operations of a writer are those that it makes, and its directory is gone', async () => {
  const directory = join(temporaryDirectory(), 'counted')
  const operations = await traceWriter(directory, ENTRIES, WAL)
  expect(operations).toEqual(counted(temporaryDirectory(), ENTRIES))
  expect(existsSync(directory)).toBe(false)
})

test('the operations of a recovery are those that it makes, counted on a copy that is gone', async () => {
  const parent = temporaryDirectory()
  const directory = join(parent, 'log')
  cpSync(temporaryDirectory(), directory, { recursive: true })
  counted(directory, ENTRIES)
  leavePhantom(directory, 'frame', 3)
  const operations = await traceRecovery(directory, { subject: 'wal', recoverer: recoverer() })
  expect(operations.some(({ name }) => name === 'wal-truncate')).toBe(true)
  expect(readdirSync(parent)).toEqual(['log'])
  expect(counted(directory, [])).toEqual(operations)
})

test('a subject that refuses has no operations to count', async () => {
  const directory = temporaryDirectory()
  counted(directory, ENTRIES)
  rotEntry(directory, 1)
  const traced = traceRecovery(directory, { subject: 'wal', recoverer: recoverer() })
  await expect(traced).rejects.toThrow(CannotJudge)
  await expect(traced).rejects.toThrow(
    /^the operations of wal could not be counted: the subject refused: WAL_CORRUPT_INVALID_JSON/,
  )
})

test('a writer that does not come to its end has no operations to count', async () => {
  const directory = join(temporaryDirectory(), 'counted')
  const traced = traceWriter(directory, [{ seq: 1 }], WAL)
  await expect(traced).rejects.toThrow(CannotJudge)
  await expect(traced).rejects.toThrow(/the subject refused: FIELDS_INVALID/)
  expect(existsSync(directory)).toBe(false)
})

test('the operations of a shorter workload are the first of a longer one’s', () => {
  const all = counted(temporaryDirectory(), ENTRIES)
  expect(operationsUpTo(all, 3)).toEqual(all)
  expect(operationsUpTo(all, 2)).toEqual(counted(temporaryDirectory(), ENTRIES.slice(0, 2)))
  expect(new Set(operationsUpTo(all, 0).map(({ during }) => during))).toEqual(new Set(['open']))
})
