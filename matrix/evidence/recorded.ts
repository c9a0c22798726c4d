import type { Failure } from '../../harness/oracle/failure.ts'
import { shown } from '../../harness/text/shown.ts'
import type { LogRecord } from '../../wal/log-record.ts'
import {
  DETAIL_CHARS,
  MAX_ITERATIONS_BYTES,
  MAX_LOG_BYTES,
  MAX_LOG_RECORDS,
  REASON_CHARS,
} from './limits.ts'
import type { IterationRecord } from './types.ts'

/**
 * What a subject, a command or the system said, as evidence has it: on one line and within what a reader
 * accepts. It is cut before anything is concluded from it, so that the conclusion follows from what is written.
 */

type MaybeText = string | null

/** Why an iteration, a state or a pair came to no verdict; a null stays. */
export function recordedDetail<T extends MaybeText>(text: T): T {
  return (text === null ? null : shown(text, DETAIL_CHARS)) as T
}

/** Why a step did not pass; a null stays. */
export function recordedReason<T extends MaybeText>(text: T): T {
  return (text === null ? null : shown(text, REASON_CHARS)) as T
}

export function recordedFailures(failures: readonly Failure[]): Failure[] {
  return failures.map(({ name, detail }) => ({ name, detail: recordedDetail(detail) }))
}

/** So many that did not pass keep their particulars, however many there are. */
const TOLD_IN_FULL = 500
const LEFT_OUT = '…'

const bytesOf = (records: readonly unknown[]): number =>
  records.reduce<number>((sum, each) => sum + Buffer.byteLength(JSON.stringify(each)) + 1, 0)

/**
 * Iterations as their file can hold them: when they are too many bytes, those after the first 500 that did not
 * pass keep the names of their failures and not the particulars.
 */
export function recordedIterations(records: IterationRecord[]): IterationRecord[] {
  if (bytesOf(records) <= MAX_ITERATIONS_BYTES) return records
  let told = 0
  return records.map((record) => {
    if (record.verdict === 'pass' || ++told <= TOLD_IN_FULL) return record
    const failures = record.failures.map(({ name }) => ({ name, detail: LEFT_OUT }))
    return { ...record, failures, reason: record.reason === null ? null : LEFT_OUT }
  })
}

/** A record of the subject's own log, with the iteration that it is from. */
export type IterationLogRecord = LogRecord & { iteration?: number }

const ATTRIBUTE_CHARS = 5000
const LAST_RECORD_BYTES = 200

function cutAttributes({ attributes, ...record }: IterationLogRecord): IterationLogRecord {
  const entries = Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === 'string' && value.length > ATTRIBUTE_CHARS
      ? shown(value, ATTRIBUTE_CHARS)
      : value,
  ])
  return { ...record, attributes: Object.fromEntries(entries) }
}

/** The log's records as their file can hold them; of those that it can't, the last one says how many. */
export function recordedLog(records: readonly IterationLogRecord[]): IterationLogRecord[] {
  const kept: IterationLogRecord[] = []
  let sizeBytes = 0
  for (const record of records) {
    const each = cutAttributes(record)
    sizeBytes += bytesOf([each])
    if (kept.length === MAX_LOG_RECORDS - 1 || sizeBytes > MAX_LOG_BYTES - LAST_RECORD_BYTES) break
    kept.push(each)
  }
  const leftOut = records.length - kept.length
  if (leftOut === 0) return kept
  return [...kept, { level: 'warn', message: 'AUTONOMY_LOG_CUT', attributes: { leftOut } }]
}
