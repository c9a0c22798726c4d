import { basename, dirname, resolve } from 'node:path'
import { textOf } from '../../harness/files/read-text.ts'
import { MachineError } from '../../harness/process/machine-error.ts'
import { shortageBehind } from '../../harness/process/shortage.ts'
import type { Description } from '../../harness/subject/description.ts'
import { shown, shownPath } from '../../harness/text/shown.ts'
import type { VerifyReport } from '../../subjects/wal/verify/report.ts'
import { contradiction, type ReadFiles } from './cross-check.ts'
import {
  COMMAND_FILE,
  IO_ERROR_FILE,
  ITERATIONS_FILE,
  LOG_FILE,
  PORTABILITY_FILE,
  POWER_CUT_FILE,
  POWER_CUT_STATES_FILE,
  RUN_FILE,
  roundOf,
  SUBJECT_FILE,
  SUMS_FILE,
  sha256,
  VERIFY_FILE,
} from './files.ts'
import type { IoErrorRecord } from './io-error-types.ts'
import { MAX_ITERATIONS, MAX_LOG_RECORDS } from './limits.ts'
import type { PowerCutStatesRecord } from './power-cut-states.ts'
import type { IterationLogRecord } from './recorded.ts'
import { marksOfRecordings, type RecordingMarks } from './recording-marks.ts'
import type { Kind } from './schemas.ts'
import { checkSums, readFiles, readJson, readLines } from './stored-files.ts'
import type { IterationRecord, PortabilityRecord, PowerCutRecord, RunRecord } from './types.ts'

/** A run's evidence, whole and consistent. */
export interface GoodRead extends ReadFiles {
  ok: true
  path: string
  /** The SHA-256 of its SHA256SUMS. */
  sums: string
  /** The SHA-256 of every other file, by name. */
  digests: ReadonlyMap<string, string>
  /** What tells its recordings from all others; none where its files are believed. */
  recordingMarks: readonly RecordingMarks[]
  /** The bytes of every file by name, as they were checked. */
  files: ReadonlyMap<string, Uint8Array>
}

/** A run's evidence as it was read: whole and consistent, or what is wrong with it in a sentence. */
export type RunRead = GoodRead | { ok: false; path: string; problem: string }

const PROBLEM_CHARS = 500

function recordingsIn(files: ReadonlyMap<string, Buffer>): Map<number, Buffer> {
  return new Map(
    [...files].flatMap(([name, bytes]) => {
      const round = roundOf(name)
      return round === null ? [] : [[round, bytes] as const]
    }),
  )
}

/** Where a run stands, such as `<arch>/<fs>/run-N`. */
function placeOf(path: string): string {
  const full = resolve(path)
  return [dirname(dirname(full)), dirname(full), full].map((each) => basename(each)).join('/')
}

/** What is wrong may be told in the evidence's own words. */
function refused(path: string, problem: string): RunRead {
  return { ok: false, path, problem: shown(problem, PROBLEM_CHARS) }
}

/**
 * Reads the folder of a run or of a shard and checks it: hashes, schemas, and that what it says follows
 * from what lies in it. Where its files are believed, as they are to be run again by a version that
 * makes other ones, only hashes and schemas count. Throws a `MachineError` when files or memory ran out here, for
 * which the evidence can do nothing, and nothing else.
 */
export function readRun(path: string, believed: 'nothing' | 'files' = 'nothing'): RunRead {
  try {
    const files = readFiles(path)
    const digests = checkSums(files)
    const run = readJson<RunRecord>(files, RUN_FILE, 'run')
    const iterations = readLines<IterationRecord>(files, ITERATIONS_FILE, {
      kind: 'iteration',
      maxLines: MAX_ITERATIONS,
    })
    const logRecords = readLines<IterationLogRecord>(files, LOG_FILE, {
      kind: 'log-record',
      maxLines: MAX_LOG_RECORDS,
    })
    const optional = <T>(name: string, kind: Kind): T | null =>
      files.has(name) ? readJson<T>(files, name, kind) : null
    const read: ReadFiles = {
      run,
      command: textOf(files.get(COMMAND_FILE) as Buffer).replace(/\n$/, ''),
      iterations,
      logRecords,
      description: optional<Description>(SUBJECT_FILE, 'subject'),
      verifyReport: optional<VerifyReport>(VERIFY_FILE, 'wal-verify'),
      portability: optional<PortabilityRecord>(PORTABILITY_FILE, 'portability'),
      powerCut: optional<PowerCutRecord>(POWER_CUT_FILE, 'power-cut'),
      powerCutStates: optional<PowerCutStatesRecord>(POWER_CUT_STATES_FILE, 'power-cut-states'),
      ioError: optional<IoErrorRecord>(IO_ERROR_FILE, 'io-error'),
      recordings: recordingsIn(files),
    }
    const problem = believed === 'files' ? null : contradiction(read, placeOf(path))
    if (problem !== null) return refused(path, problem)
    const sums = sha256(files.get(SUMS_FILE) as Buffer)
    const recordingMarks = believed === 'files' ? [] : marksOfRecordings(read.recordings.values())
    return { ok: true, path, ...read, sums, digests, recordingMarks, files }
  } catch (error) {
    const shortage = shortageBehind(error)
    if (shortage !== null) {
      const message = `${shownPath(path)} cannot be read: ${(error as Error).message}`
      throw new MachineError('BROKEN', message, shortage.remedy, { cause: error })
    }
    return refused(path, (error as Error).message)
  }
}

/** What was read without the bytes that it was read from, of which there can be too many to keep. */
export function withoutBytes(read: RunRead): RunRead {
  return read.ok ? { ...read, logRecords: [], recordings: new Map(), files: new Map() } : read
}
