import type { LogRecord } from '../../../wal/log-record.ts'
import type { ReadFiles } from '../../evidence/read-files.ts'

/** The log's records, by the iteration that they are from. */
export type RecordsByIteration = ReadonlyMap<number, unknown[]>

/** Sorts the log's records by iteration, or says what is wrong with their order. */
export function recordsByIteration({
  iterations,
  logRecords,
}: Pick<ReadFiles, 'iterations' | 'logRecords'>): RecordsByIteration | string {
  const known = new Set(iterations.map(({ iteration }) => iteration))
  const sorted = new Map<number, unknown[]>()
  let last = 0
  for (const { iteration, ...record } of logRecords) {
    if (iteration === undefined) return 'autonomy.log has a record that names no iteration'
    if (!known.has(iteration)) {
      return 'autonomy.log has a record of an iteration that is not there'
    }
    if (iteration < last) return 'autonomy.log has its records out of order'
    last = iteration
    const records = sorted.get(iteration)
    if (records === undefined) sorted.set(iteration, [record])
    else records.push(record)
  }
  return sorted
}

function isLogRecord(value: unknown): value is LogRecord {
  const { level, message, attributes, ...rest } = value as Partial<LogRecord>
  return (
    (level === 'warn' || level === 'error') &&
    typeof message === 'string' &&
    /^WAL_[A-Z_]+$/.test(message) &&
    typeof attributes === 'object' &&
    attributes !== null &&
    typeof attributes.directory === 'string' &&
    Object.values(attributes).every((each) => ['string', 'number'].includes(typeof each)) &&
    Object.keys(rest).length === 0
  )
}

/** A record whose directory has another name: where a log stood is no matter of what it says. */
function movedTo(directory: string, record: LogRecord): string {
  const from = String(record.attributes.directory)
  const attributes = Object.entries(record.attributes).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.replaceAll(from, directory) : value,
  ])
  const entries = attributes.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
  return JSON.stringify([record.level, record.message, entries])
}

/**
 * What is wrong with the log's records of an iteration, as the rest of a sentence: they are no records of
 * it, or not those that its recoveries give. `expected` is null where that can't be known, and `place`, where
 * the run's files were, where it was in more than one.
 */
export function recordsProblem(
  iteration: number,
  records: readonly unknown[],
  expected: readonly LogRecord[] | null,
  place: string | null,
): string | null {
  if (!records.every(isLogRecord)) return 'has something in autonomy.log that is no record of a log'
  const folder = `${place ?? ''}/kill/iteration-${iteration}`
  const isThere = (directory: string): boolean =>
    place === null ? directory.endsWith(folder) : directory === folder
  const stray = records.find(({ attributes }) => !isThere(String(attributes.directory)))
  if (stray !== undefined) return 'has a record in autonomy.log that is of another directory'
  if (expected === null) return null
  if (records.length !== expected.length) {
    return `has ${records.length} records in autonomy.log, and its recoveries give ${expected.length}`
  }
  const told = records.map((record) => movedTo('', record)).join('\n')
  return told === expected.map((record) => movedTo('', record)).join('\n')
    ? null
    : 'has other records in autonomy.log than its recoveries give'
}
