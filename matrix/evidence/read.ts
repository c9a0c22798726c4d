import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { contradiction, type ReadFiles } from './cross-check.ts'
import {
  COMMAND_FILE,
  ITERATIONS_FILE,
  LOG_FILE,
  PORTABILITY_FILE,
  POWER_CUT_FILE,
  parseSums,
  RUN_FILE,
  roundOf,
  SUMS_FILE,
  sha256,
  VERIFY_FILE,
} from './files.ts'
import { type Kind, problemWith } from './schemas.ts'
import type { IterationRecord, PortabilityRecord, PowerCutRecord, RunRecord } from './types.ts'

/** A run's evidence, whole and consistent. */
export interface GoodRead extends ReadFiles {
  ok: true
  path: string
  /** The log's own records. */
  logRecords: { iteration?: number }[]
  /** The SHA-256 of its SHA256SUMS. */
  sums: string
  /** The bytes of every file by name, as they were checked. */
  files: ReadonlyMap<string, Uint8Array>
}

/** A run's evidence as it was read: whole and consistent, or what is wrong with it in a sentence. */
export type RunRead = GoodRead | { ok: false; path: string; problem: string }

/** No file of a run comes near this; a larger one is none of ours. */
const MAX_FILE_BYTES = 256 * 1024 * 1024
const REQUIRED = [RUN_FILE, COMMAND_FILE, ITERATIONS_FILE, LOG_FILE, SUMS_FILE]
const ALLOWED = [...REQUIRED, VERIFY_FILE, PORTABILITY_FILE, POWER_CUT_FILE]

/** Thrown inside this file only, to leave at the first problem. */
class Unreadable extends Error {}

function readFiles(path: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  for (const name of readdirSync(path).sort()) {
    const stats = lstatSync(join(path, name))
    if (!ALLOWED.includes(name) && roundOf(name) === null) {
      throw new Unreadable(`${name} does not belong there`)
    }
    if (!stats.isFile()) throw new Unreadable(`${name} is not a plain file`)
    if (stats.size > MAX_FILE_BYTES)
      throw new Unreadable(`${name} is too large: ${stats.size} bytes`)
    files.set(name, readFileSync(join(path, name)))
  }
  const missing = REQUIRED.find((name) => !files.has(name))
  if (missing !== undefined) throw new Unreadable(`${missing} is missing`)
  return files
}

function checkSums(files: Map<string, Buffer>): void {
  const sums = parseSums((files.get(SUMS_FILE) as Buffer).toString())
  if (sums === null) throw new Unreadable(`${SUMS_FILE} is not a list of SHA-256 digests`)
  for (const [name, bytes] of files) {
    if (name === SUMS_FILE) continue
    if (!sums.has(name)) throw new Unreadable(`${SUMS_FILE} does not list ${name}`)
    if (sums.get(name) !== sha256(bytes)) {
      throw new Unreadable(`${name} is not what was written: its SHA-256 differs from ${SUMS_FILE}`)
    }
  }
  const gone = [...sums.keys()].find((name) => !files.has(name))
  if (gone !== undefined) throw new Unreadable(`${gone} is in ${SUMS_FILE} and missing`)
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Unreadable(`${name} is not JSON`)
  }
}

function parseLogRecord(name: string, line: string): { iteration?: number } {
  const value = parseJson(name, line)
  if (typeof value !== 'object' || value === null) throw new Unreadable(`${name} is no record`)
  return value
}

/** The lines of an NDJSON file, each through `parseLine`, which is given its name. */
function parseLines<T>(name: string, text: string, parseLine: (name: string, line: string) => T) {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => parseLine(`${name} line ${i + 1}`, line))
}

function parse<T>(kind: Kind, name: string, text: string): T {
  const value = parseJson(name, text)
  const problem = problemWith(kind, value)
  if (problem !== null) throw new Unreadable(`${name} is not valid: ${problem}`)
  return value as T
}

/** Reads the folder of a run or of a shard and checks it: hashes, schemas, and that its files agree. Never throws. */
export function readRun(path: string): RunRead {
  try {
    const files = readFiles(path)
    checkSums(files)
    const text = (name: string): string => (files.get(name) as Buffer).toString()
    const run = parse<RunRecord>('run', RUN_FILE, text(RUN_FILE))
    const iterations = parseLines(ITERATIONS_FILE, text(ITERATIONS_FILE), (name, line) =>
      parse<IterationRecord>('iteration', name, line),
    )
    const logRecords = parseLines(LOG_FILE, text(LOG_FILE), parseLogRecord)
    const optional = <T>(kind: Kind, name: string): T | null =>
      files.has(name) ? parse<T>(kind, name, text(name)) : null
    const verifyReport = optional<{ pass: boolean }>('wal-verify', VERIFY_FILE)
    const portability = optional<PortabilityRecord>('portability', PORTABILITY_FILE)
    const powerCut = optional<PowerCutRecord>('power-cut', POWER_CUT_FILE)
    const recordings = new Map(
      [...files].flatMap(([name, bytes]) => {
        const round = roundOf(name)
        return round === null ? [] : [[round, bytes] as const]
      }),
    )
    const full = resolve(path)
    const place = [dirname(dirname(full)), dirname(full), full]
      .map((each) => basename(each))
      .join('/')
    const read = { run, iterations, verifyReport, portability, powerCut, recordings }
    const problem = contradiction(read, place)
    if (problem !== null) throw new Unreadable(problem)
    return {
      ok: true,
      path,
      ...read,
      logRecords,
      sums: sha256(files.get(SUMS_FILE) as Buffer),
      files,
    }
  } catch (error) {
    return { ok: false, path, problem: (error as Error).message }
  }
}
