import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { draftOf } from '../testing/draft.ts'
import { putRun, spoil, temporaryFolder } from '../testing/evidence.ts'
import {
  COMMAND_CHARS,
  DETAIL_CHARS,
  MAX_ITERATIONS,
  MAX_ITERATIONS_BYTES,
  MAX_LOG_BYTES,
  MAX_LOG_RECORDS,
} from './limits.ts'
import { readRun } from './read.ts'
import {
  type IterationLogRecord,
  recordedDetail,
  recordedFailures,
  recordedIterations,
  recordedLog,
} from './recorded.ts'
import { outProblem, stateReplayLine } from './replay-line.ts'
import type { IterationRecord } from './types.ts'

const [RECORD] = draftOf({ arch: 'amd64', fileSystem: 'ext4', iterations: 1 }).iterations

/** An iteration that passed. */
const iterationOf = (iteration: number): IterationRecord => ({
  ...(RECORD as IterationRecord),
  iteration,
})

/** Three bytes a character, and six in JSON without care. */
const LONG = '\u001b漢'.repeat(100_000)

/** Every failure of the oracle, each with as much to say as there may be. */
const FAILURES = recordedFailures(
  (['acked-lost', 'phantom', 'not-idempotent', 'refused'] as const).map((name) => ({
    name,
    detail: LONG,
  })),
)

/** As large as an iteration can be. */
function failing(iteration: number): IterationRecord {
  const failures = FAILURES.map((failure) => ({ ...failure }))
  const record = iterationOf(iteration)
  return { ...record, verdict: 'fail', failures, replay: 'x'.repeat(COMMAND_CHARS) }
}

test('what a subject says of its failure is one line, as long as evidence has it', () => {
  expect(recordedDetail('refused:\n\u001b[31mno\u001b[0m')).toBe('refused: no')
  expect([...recordedDetail(LONG)].length).toBe(DETAIL_CHARS)
  expect(recordedDetail(null)).toBe(null)
})

test('the largest run there can be is written, and read again', () => {
  const all = Array.from({ length: MAX_ITERATIONS }, (_, i) => failing(i + 1))
  const path = putRun(temporaryFolder(), 'amd64/ext4', (draft) => {
    draft.iterations = recordedIterations(all)
    spoil(draft, 'fail', 'all failed')
    const counts = { iterations: all.length, delivered: all.length, passed: 0, failed: all.length }
    Object.assign(draft.kill, counts)
    Object.assign(draft.run, { iterations: all.length })
  })
  expect(readFileSync(join(path, 'iterations.ndjson')).length).toBeLessThan(MAX_ITERATIONS_BYTES)
  // What it says is no run's; that it can be read is the question here.
  const read = readRun(path, 'files')
  expect(read).toMatchObject({ ok: true, run: { iterations: MAX_ITERATIONS } })
  if (!read.ok) return
  const [first, last] = [read.iterations[0], read.iterations.at(-1)]
  expect(first?.failures).toEqual(all[0]?.failures)
  const names = all[0]?.failures.map(({ name }) => ({ name, detail: '…' }))
  expect(last?.failures).toEqual(names)
})

test('iterations that fit are recorded as they are', () => {
  const all = [failing(1), iterationOf(2)]
  expect(recordedIterations(all)).toBe(all)
})

const logRecord = (text: string, iteration = 1): IterationLogRecord => ({
  iteration,
  level: 'error',
  message: 'WAL_RECOVERY_FAIL_HARD',
  attributes: { detail: text, offsetBytes: 7 },
})

test.each([
  ['too many', new Array<IterationLogRecord>(MAX_LOG_RECORDS + 1).fill(logRecord('x'))],
  ['too long', new Array<IterationLogRecord>(10_000).fill(logRecord('x'.repeat(4000)))],
])('of log records that are %s the first are kept, and how many were left out', (_, records) => {
  const kept = recordedLog(records)
  const bytes = kept.reduce((sum, each) => sum + JSON.stringify(each).length + 1, 0)
  expect(bytes).toBeLessThanOrEqual(MAX_LOG_BYTES)
  expect(kept.length).toBeLessThanOrEqual(MAX_LOG_RECORDS)
  const leftOut = records.length - kept.length + 1
  expect(kept.at(-1)).toEqual({
    level: 'warn',
    message: 'AUTONOMY_LOG_CUT',
    attributes: { leftOut },
  })
})

test('a log record keeps its numbers, and of a text that is too long its beginning', () => {
  const [record] = recordedLog([logRecord('x'.repeat(10_000))])
  expect(record?.attributes.offsetBytes).toBe(7)
  expect(String(record?.attributes.detail).length).toBe(5000)
  expect(recordedLog([logRecord('as it is')])).toEqual([logRecord('as it is')])
})

test('no run is kept below a folder whose lines to replay would be too long', () => {
  expect(outProblem('evidence', null)).toBe(null)
  expect(outProblem('x'.repeat(COMMAND_CHARS), null)).toContain('--out is too long')
  const longest = Array.from({ length: COMMAND_CHARS }, (_, i) => 'x'.repeat(i + 1)).findLast(
    (out) => outProblem(out, null) === null,
  )
  const line = stateReplayLine(
    `${longest}/s390x/workdir/run-1000-shard-100-of-100`,
    '100000.9',
    null,
  )
  expect(line.length).toBeLessThanOrEqual(COMMAND_CHARS)
})
