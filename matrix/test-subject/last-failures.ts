import { createHash } from 'node:crypto'
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readText } from '../../harness/files/read-text.ts'
import { parseStrictly } from '../../harness/files/strict-json.ts'
import { MachineError } from '../../harness/process/machine-error.ts'
import { makeDirectories } from '../../harness/process/make-directories.ts'
import { cacheDirectory } from '../emulation/cache.ts'
import { assertValid, problemWith } from '../evidence/schemas.ts'
import { refusal, shownPath } from '../shown.ts'
import { BadInput } from '../subject/bad-input.ts'
import { DESCRIPTION_FILE } from '../subject/read-description.ts'
import type { PlaceName } from './places.ts'
import type { TestReport } from './report.ts'
import type { TierName } from './run-test.ts'

/** One case that failed, by which it is run again. */
export interface FailedCase {
  tier: TierName
  fileSystem: PlaceName
  case: string
}

/** What failed in the last run of a subject. */
export interface LastFailures {
  schema: 'https://pullplug.dev/schemas/last-failures/1.json'
  subject: string
  /** The file that describes it. */
  description: string
  seed: number
  cases: FailedCase[]
}

const MAX_BYTES = 1024 * 1024

/** The file that describes a subject, whichever way its path was typed. Throws what the file system throws. */
function descriptionAt(subjectPath: string): string {
  const path = realpathSync(subjectPath)
  return statSync(path).isDirectory() ? join(path, DESCRIPTION_FILE) : path
}

/** Where it is kept what failed in the last run of what a file describes. */
function keptAt(description: string): string {
  const name = createHash('sha256').update(description).digest('hex').slice(0, 32)
  return join(cacheDirectory(), 'last-failures', `${name}.json`)
}

/** The failures that a report tells. */
function failuresOf({ tiers }: TestReport): FailedCase[] {
  return tiers.flatMap(({ tier, fileSystem, result }) =>
    (result?.problems ?? [])
      .filter(({ failures }) => failures.length > 0)
      .map((problem) => ({
        tier: tier as TierName,
        fileSystem: fileSystem as PlaceName,
        case: problem.case,
      })),
  )
}

/** What stands there is the old text or the new one. Throws what the file system throws. */
function writeWhole(path: string, text: string): void {
  const half = `${path}.${process.pid}`
  writeFileSync(half, text, { mode: 0o600 })
  try {
    renameSync(half, path)
  } catch (error) {
    rmSync(half, { force: true })
    throw error
  }
}

/**
 * Keeps what failed, in the cache, in the place of what did before. Returns why it could not be kept, in a sentence; null
 * where it was.
 */
export function keepLastFailures(report: TestReport, subjectPath: string): string | null {
  const description = descriptionAt(subjectPath)
  const path = keptAt(description)
  const kept: LastFailures = {
    schema: 'https://pullplug.dev/schemas/last-failures/1.json',
    subject: report.subject,
    description,
    seed: report.seed,
    cases: failuresOf(report),
  }
  assertValid('last-failures', kept)
  try {
    makeDirectories(dirname(path))
    writeWhole(path, `${JSON.stringify(kept, null, 2)}\n`)
    return null
  } catch (error) {
    return `what failed cannot be kept in ${shownPath(dirname(path))}: ${refusal(error)}`
  }
}

/**
 * What failed in the last run of a subject. Throws a `MachineError` where there was none, and `BadInput` where what it left
 * is not what a run leaves.
 */
export function readLastFailures(subjectPath: string, name: string): LastFailures {
  const description = descriptionAt(subjectPath)
  const path = keptAt(description)
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new MachineError(
      'MISSING',
      `there is no last run of ${name} here whose failures could be run again`,
      'Run `pullplug test` without --last-failed.',
    )
  }
  const bad = (what: string): BadInput =>
    new BadInput(
      `${shownPath(path)} is not what a run left: ${what}`,
      'Remove it, and run `pullplug test` without --last-failed.',
    )
  let kept: LastFailures
  try {
    kept = parseStrictly(readText(path, { maxBytes: MAX_BYTES })) as LastFailures
  } catch (error) {
    throw bad((error as Error).message)
  }
  const problem = problemWith('last-failures', kept)
  if (problem !== null) throw bad(problem)
  if (kept.description !== description) throw bad('it is of another description')
  return kept
}
