import { join } from 'node:path'
import { promisedAt, type Recording } from '../crash-states/recording.ts'
import type { CrashState } from '../crash-states/state.ts'
import type { KeptProcess } from '../disk-subject/kept-process.ts'
import { survey, surveyFirst } from '../disk-subject/survey.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { Failure } from '../oracle/failure.ts'
import { type Inspection, judge, judgeFirst, type Opening } from '../oracle/judge.ts'
import { isSystemError } from '../process/error-report.ts'
import { hasMarker } from './marker.ts'
import { SUBJECT_DIRECTORY } from './record.ts'

/** What came of a state. */
export interface StateResult {
  acked: number
  /** How many entries came back; null when recovery refused, or there was none. */
  recovered: number | null
  failures: Failure[]
  /** Whether the subject's process died over it, or gave no answer. */
  gone: boolean
  /** Why it could not be judged, such as that its file system does not mount; null when it was. */
  notJudged: string | null
  /** Whether the marker that nobody synced was still there; null where it had not been written yet. */
  markerKept: boolean | null
  /** A digest of what the file system brought back of the subject's directory; null where nobody looked. */
  contents: string | null
}

/** The result of a state whose files could not be looked at. */
export const NOT_MOUNTED = {
  acked: 0,
  recovered: null,
  failures: [],
  gone: false,
  markerKept: null,
  contents: null,
}

export interface CheckOptions {
  recoverer: KeptProcess
  recording: Recording
  state: CrashState
  /** Whether to recover a second time, append and reopen: the oracle in full. */
  inFull: boolean
  inspect: ((directory: string) => Inspection) | undefined
}

/**
 * Judges a state whose files are below `root`: the subject recovers there in another process, and is
 * held against what it had promised. Throws a `MachineError`, and what the recoverer was aborted with.
 */
export async function checkFiles(root: string, options: CheckOptions): Promise<StateResult> {
  const { recording, state, recoverer, inspect, inFull } = options
  const promised = promisedAt(recording, state.epoch.endPosition)
  const surveyOptions = {
    recoverer,
    subject: recording.subject,
    directory: join(root, SUBJECT_DIRECTORY),
    inspect,
    // What this recovery makes durable is undone with the state; in full, it is done as ever.
    skipSyncs: !inFull,
    onRecords: () => {},
  }
  const judging = async (): Promise<{ first: Opening; failures: Failure[] }> => {
    if (!inFull) {
      const seen = await surveyFirst(surveyOptions)
      return { first: seen.first, failures: judgeFirst(promised, seen) }
    }
    const seen = await survey(surveyOptions)
    return { first: seen.first, failures: judge(promised, seen) }
  }
  // Beside the subject's directory, and so read while the subject recovers.
  const marking = async () => (promised.marked === 0 ? null : hasMarker(root, promised.marked))
  const [{ first, failures }, markerKept] = await Promise.all([judging(), marking()])
  return {
    acked: promised.acked,
    recovered: 'refused' in first ? null : first.entries.length,
    failures,
    gone: 'refused' in first && first.gone === true,
    notJudged: null,
    markerKept,
    contents: null,
  }
}

/**
 * Why a state could not be judged, of an error that was met while looking at it: whatever the file system
 * or the machine answered. Throws what is no reason of that kind, such as a mistake of the harness's own.
 */
export function whyNotJudged(error: unknown): string {
  if (error instanceof CannotJudge || isSystemError(error)) return (error as Error).message
  throw error
}
