import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readCaseName } from '../harness/io-error/case-names.ts'
import { meetAllErrors } from '../harness/io-error/meet-all.ts'
import type { ToldErrorCase } from '../harness/io-error/told.ts'
import { lacksForPassthrough } from '../harness/passthrough/requirements.ts'
import { missing } from '../harness/process/lack.ts'
import { MachineError } from '../harness/process/machine-error.ts'
import { makeDirectories } from '../harness/process/make-directories.ts'
import type { FileSystemName } from '../harness/volume/file-systems/index.ts'
import { describedLog } from '../subjects/wal/described.ts'
import { WORKING_DIRECTORY } from './cells.ts'
import type { ErrorProblemRecord } from './evidence/io-error-types.ts'
import { makePlace } from './place.ts'
import type { Progress } from './progress.ts'
import { fileSystemFor, readEvidence } from './replay.ts'
import { subjectFor } from './replayable.ts'
import { keepInWorkingFolder } from './working-folder.ts'

/** Which case of errors is made again, and how. */
export interface CaseReplayRequest {
  /** A `run-N` folder. */
  evidence: string
  /** Such as `1.12-EIO-reopens`. */
  name: string
  /** The path of what describes its subject; null for our log and its controls. */
  subjectPath: string | null
  /** Whether the directory is kept to be looked at. */
  keep: boolean
  signal: AbortSignal
  progress: Progress
}

/** What came of a case, beside what is on record. */
export interface CaseReplay {
  result: ToldErrorCase
  /** What is on record of it; null for one that is not among the problems. */
  recorded: ErrorProblemRecord | null
  /** Whether it came to the same as on record: to nothing wrong, when it is not among the problems. */
  same: boolean
  /** The file system that it met the error on. */
  fileSystem: string
  /** Where the directory was kept, as the last look found it. */
  kept: string | null
}

function isSame(recorded: ErrorProblemRecord | null, result: ToldErrorCase): boolean {
  const names = (all: readonly { name: string }[]): string => all.map(({ name }) => name).join()
  return (
    names(result.failures) === names(recorded?.failures ?? []) &&
    (result.reason === null) === ((recorded?.notJudged ?? null) === null)
  )
}

/** Throws a `MachineError` where no operation can meet an error here, or the evidence has no such case. */
async function assertCanBeMade(name: string, rounds: number): Promise<void> {
  const named = readCaseName(name)
  if (named === null || rounds === 0) {
    const remedy = 'See io-error.json: a case is named such as 1.12-EIO-reopens.'
    throw new MachineError('MISSING', `this run has no case ${name}`, remedy)
  }
  const [lack] = await lacksForPassthrough()
  if (lack !== undefined) throw missing('a case of errors needs', lack)
}

/**
 * Makes a case of a run again: the same history, the same error at the same operation. Throws a `MachineError` where
 * the evidence can't be read, has no such case, or it can't be made here.
 */
export async function replayCase(request: CaseReplayRequest): Promise<CaseReplay> {
  const { name, signal, progress } = request
  const read = readEvidence(request.evidence)
  const { run, ioError } = read
  await assertCanBeMade(name, ioError?.rounds ?? 0)
  const subject = subjectFor(read, request) ?? describedLog(run.subject)
  const fileSystem = await fileSystemFor(run, progress)
  const again = async (copies: string | null): Promise<ToldErrorCase> => {
    const place = await makePlace(fileSystem, signal)
    try {
      const root = join(place.root, 'io-error')
      makeDirectories(root)
      const { cases } = await meetAllErrors({
        subject,
        seed: run.seed,
        root,
        fileSystem: fileSystem === WORKING_DIRECTORY ? null : (fileSystem as FileSystemName),
        extent: { names: [name] },
        signal,
        onCase: () => {},
        onLook: (directory) => {
          if (copies === null) return
          const copy = join(copies, 'as-left')
          rmSync(copy, { recursive: true, force: true })
          cpSync(directory, copy, { recursive: true })
        },
      })
      const [made] = cases
      if (made !== undefined) return made
      throw new MachineError(
        'MISSING',
        `the subject has no operation for ${name} here: it does not do what it did when it was recorded`,
        'Run the whole again, by the line in its cmd.txt.',
      )
    } finally {
      await place.remove()
    }
  }
  const { value: result, kept } = request.keep
    ? await keepInWorkingFolder(again)
    : { value: await again(null), kept: null }
  const recorded = ioError?.problems.find((problem) => problem.case === name) ?? null
  return { result, recorded, same: isSame(recorded, result), fileSystem, kept }
}
