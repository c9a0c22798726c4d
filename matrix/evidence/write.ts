import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { listBounded } from '../../harness/files/list-bounded.ts'
import { MachineError } from '../../harness/process/machine-error.ts'
import { makeDirectories } from '../../harness/process/make-directories.ts'
import type { Description } from '../../harness/subject/description.ts'
import type { VerifyReport } from '../../subjects/wal/verify/report.ts'
import { runName } from '../shard.ts'
import {
  COMMAND_FILE,
  IO_ERROR_FILE,
  ITERATIONS_FILE,
  LOG_FILE,
  PORTABILITY_FILE,
  POWER_CUT_FILE,
  POWER_CUT_STATES_FILE,
  RUN_FILE,
  recordingFile,
  SUBJECT_FILE,
  SUMS_FILE,
  sumsOf,
  VERIFY_FILE,
} from './files.ts'
import type { IoErrorRecord } from './io-error-types.ts'
import { MAX_DIRECTORY_ENTRIES, maxBytesOf } from './limits.ts'
import type { PowerCutStatesRecord } from './power-cut-states.ts'
import type { IterationLogRecord } from './recorded.ts'
import { assertValid } from './schemas.ts'
import type { IterationRecord, PortabilityRecord, PowerCutRecord, RunRecord } from './types.ts'
import { isUnfinished, unfinishedName } from './unfinished.ts'

/** Where runs go that a later one has taken the place of; the gate never looks there. */
export const SUPERSEDED = '.superseded'

/** All that a run leaves. */
export interface RunEvidence {
  run: RunRecord
  /** The line that runs it again. */
  command: string
  /** What describes the subject; null of our log and its controls. */
  description: Description | null
  /** What the verifier said of the known-good log; null when it was never asked. */
  verifyReport: VerifyReport | null
  /** What must be the same everywhere; null when it could not be found out. */
  portability: PortabilityRecord | null
  /** What came of cutting the power; null when it was not cut. */
  powerCut: PowerCutRecord | null
  /** What each state of the kept recordings showed; null where that is not kept. */
  powerCutStates: PowerCutStatesRecord | null
  /** What came of a disk that says no; null when it said none. */
  ioError: IoErrorRecord | null
  /** The recordings that are kept of it, by their rounds. */
  recordings: ReadonlyMap<number, Uint8Array>
  iterations: IterationRecord[]
  /** The log's own records, one a line. */
  logRecords: IterationLogRecord[]
}

const lines = (values: unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('')

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function filesOf(evidence: RunEvidence) {
  const {
    run,
    command,
    description,
    verifyReport,
    portability,
    powerCut,
    powerCutStates,
    ioError,
    iterations,
    logRecords,
  } = evidence
  assertValid('run', run)
  for (const record of logRecords) assertValid('log-record', record)
  for (const iteration of iterations) assertValid('iteration', iteration)
  if (description !== null) assertValid('subject', description)
  if (verifyReport !== null) assertValid('wal-verify', verifyReport)
  if (portability !== null) assertValid('portability', portability)
  if (powerCut !== null) assertValid('power-cut', powerCut)
  if (powerCutStates !== null) assertValid('power-cut-states', powerCutStates)
  if (ioError !== null) assertValid('io-error', ioError)
  const texts: [string, string][] = [
    [RUN_FILE, pretty(run)],
    [COMMAND_FILE, `${command}\n`],
    [ITERATIONS_FILE, lines(iterations)],
    [LOG_FILE, lines(logRecords)],
  ]
  if (description !== null) texts.push([SUBJECT_FILE, pretty(description)])
  if (verifyReport !== null) texts.push([VERIFY_FILE, pretty(verifyReport)])
  if (portability !== null) texts.push([PORTABILITY_FILE, pretty(portability)])
  if (powerCut !== null) texts.push([POWER_CUT_FILE, pretty(powerCut)])
  if (powerCutStates !== null) texts.push([POWER_CUT_STATES_FILE, lines([powerCutStates])])
  if (ioError !== null) texts.push([IO_ERROR_FILE, pretty(ioError)])
  const recordings = [...evidence.recordings].map(([round, bytes]): [string, Uint8Array] => [
    recordingFile(round),
    bytes,
  ])
  const files = new Map([
    ...texts.map(([name, text]): [string, Uint8Array] => [name, Buffer.from(text)]),
    ...recordings,
  ])
  const all = new Map([...files, [SUMS_FILE, Buffer.from(sumsOf(files))]])
  for (const [name, bytes] of all) assertFits(name, bytes)
  return all
}

/** Throws an `Error` when a file is one that nobody would read. */
function assertFits(name: string, bytes: Uint8Array): void {
  const maxBytes = maxBytesOf(name) ?? 0
  if (bytes.length > maxBytes) {
    throw new Error(`${name} would be ${bytes.length} bytes long, and at most ${maxBytes} are read`)
  }
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

/** Puts an earlier run of that number where it is kept, by the time at which it ended. */
function supersede(root: string, cell: string, name: string): void {
  const path = join(root, cell, name)
  if (!existsSync(path)) return
  const kept = join(root, SUPERSEDED, cell)
  makeDirectories(kept)
  const stamp = statSync(path).mtime.toISOString().replaceAll(':', '')
  const wanted = (each: string): boolean => each.startsWith(`${stamp}-${name}`)
  const taken = listBounded(kept, { maxEntries: MAX_DIRECTORY_ENTRIES, wanted }).length
  renameSync(path, join(kept, `${stamp}-${name}${taken === 0 ? '' : `-${taken}`}`))
}

/**
 * Puts the files of a run at `<root>/<arch>/<fs>/<name>`, and returns that path. They are written under a
 * temporary name, synced and renamed, so that what stands there is whole; a run that was there before is
 * kept under `.superseded`. Throws a `MachineError` when nothing can be written there.
 */
export function placeRun(
  root: string,
  { arch, fileSystem }: Pick<RunRecord['cell'], 'arch' | 'fileSystem'>,
  name: string,
  files: ReadonlyMap<string, Uint8Array>,
): string {
  const parent = join(root, arch, fileSystem)
  const temporary = join(parent, unfinishedName(name))
  try {
    makeDirectories(parent)
    // Whoever holds the folder's lock is the only writer, so any other half-written run is a dead one's.
    const options = { maxEntries: MAX_DIRECTORY_ENTRIES, wanted: isUnfinished }
    for (const { name: left } of listBounded(parent, options)) {
      rmSync(join(parent, left), { recursive: true, force: true })
    }
    mkdirSync(temporary)
    for (const [file, bytes] of files) writeFileSync(join(temporary, file), bytes, { flush: true })
    syncDirectory(temporary)
    supersede(root, join(arch, fileSystem), name)
    renameSync(temporary, join(parent, name))
    syncDirectory(parent)
  } catch (cause) {
    if (existsSync(temporary)) rmSync(temporary, { recursive: true })
    throw new MachineError(
      'BROKEN',
      `the evidence of ${arch}/${fileSystem} ${name} could not be written to ${root}: ${(cause as Error).message}`,
      'Free some space there, make it writable, or choose another folder with --out.',
      { cause },
    )
  }
  return join(parent, name)
}

/**
 * Writes a run to its place in `root`, or a shard of one to its own beside it. Every file is validated
 * first. Throws an `Error` on one that does not validate, and a `MachineError` as `placeRun` does.
 */
export function writeRun(root: string, evidence: RunEvidence): string {
  const { cell, run, shard } = evidence.run
  return placeRun(root, cell, runName(run, shard), filesOf(evidence))
}
