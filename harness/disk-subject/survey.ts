import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { LogRecord } from '../../wal/log-record.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { Inspection, Opening, Survey } from '../oracle/judge.ts'
import { isMachineError, refusalInWords } from '../process/error-report.ts'
import { MachineError } from '../process/machine-error.ts'
import type { KeptProcess } from './kept-process.ts'
import { RecoveryGone } from './recovery-gone.ts'
import type { Acknowledgement } from './steps.ts'
import type { Payload } from './subject.ts'
import type { Visited } from './visit.ts'

/** The payload of the append after recovery: nothing that any plan sends. */
export const PROBE: Payload = { probe: 'the append after recovery' }

/** The files below a directory, as digests by path. */
function digests(directory: string): Map<string, string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name))
  const digest = (path: string): string =>
    createHash('sha256').update(readFileSync(path)).digest('hex')
  return new Map(paths.map((path) => [relative(directory, path), digest(path)]))
}

function changed(before: Map<string, string>, after: Map<string, string>): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  return names.filter((name) => before.get(name) !== after.get(name))
}

/** What is asked for beside the subject and its directory. */
export interface SurveyOptions {
  recoverer: KeptProcess
  subject: string
  directory: string
  /** Reads the subject's files without the subject, if anyone can. */
  inspect: ((directory: string) => Inspection) | undefined
  /** Whether syncs do nothing, because the directory is thrown away before anything can be lost. */
  skipSyncs?: boolean
  /** Gets the subject's own records. */
  onRecords: (records: LogRecord[]) => void
}

async function reopen(
  options: SurveyOptions,
  append: Payload[] = [],
): Promise<{ opening: Opening; acked: Acknowledgement[] }> {
  const { recoverer, subject, directory, skipSyncs = false, onRecords } = options
  let visited: Visited
  try {
    visited = await recoverer.visit({ subject, directory, append, skipSyncs })
  } catch (error) {
    if (!(error instanceof RecoveryGone)) throw error
    return { opening: { refused: error.message, gone: true }, acked: [] }
  }
  const { outcome, acked, records } = visited
  onRecords(records)
  if (!('refused' in outcome)) return { opening: outcome, acked }
  const { refused } = outcome
  if (isMachineError(refused)) throw new CannotJudge(`in recovery, ${refusalInWords(refused)}`)
  return { opening: { refused: refused.message }, acked }
}

/** Recovers once, and says what came back and which files that changed. Throws as `survey` does. */
export async function surveyOnce(
  options: SurveyOptions,
): Promise<Pick<Survey, 'first' | 'filesChanged'>> {
  const before = digests(options.directory)
  const { opening: first } = await reopen(options)
  return { first, filesChanged: changed(before, digests(options.directory)) }
}

function inspected({ inspect, directory }: SurveyOptions): Inspection | undefined {
  try {
    return inspect?.(directory)
  } catch (error) {
    if (!(error instanceof MachineError)) throw error
    throw new CannotJudge(`after recovery, ${error.message}`, { cause: error })
  }
}

/** Recovers once, and looks at the disk. Throws as `survey` does. */
export async function surveyFirst(
  options: SurveyOptions,
): Promise<Pick<Survey, 'first' | 'inspection'>> {
  const { opening: first } = await reopen(options)
  if ('refused' in first) return { first }
  const inspection = inspected(options)
  return { first, ...(inspection === undefined ? {} : { inspection }) }
}

async function appendAndReopen(options: SurveyOptions): Promise<Survey['probe']> {
  const { opening, acked } = await reopen(options, [PROBE])
  if ('refused' in opening) return opening
  const { opening: after } = await reopen(options)
  return { json: JSON.stringify(PROBE), seq: acked[0]?.seq ?? null, after }
}

/**
 * Recovers, looks at the disk, recovers again, appends, and recovers once more: all that the oracle
 * asks about. Throws `CannotJudge` when the machine failed, and as the recoverer does, except that a
 * process that died over the subject, or gave no answer, is an opening that is `gone`.
 */
export async function survey(options: SurveyOptions): Promise<Survey> {
  const seen = await surveyFirst(options)
  const { first } = seen
  if ('refused' in first) {
    return { first, second: first, filesChanged: [], probe: { refused: first.refused } }
  }
  const again = await surveyOnce(options)
  return {
    ...seen,
    second: again.first,
    filesChanged: again.filesChanged,
    probe: await appendAndReopen(options),
  }
}
