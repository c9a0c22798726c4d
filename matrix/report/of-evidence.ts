import { MachineError } from '../../harness/process/machine-error.ts'
import { shown, shownPath } from '../../harness/text/shown.ts'
import { CELLS, statusOf } from '../cells.ts'
import { readRun } from '../evidence/read.ts'
import { findRuns, firstProblems, type RunPath } from '../evidence/tree.ts'
import { packageVersion } from '../package-root.ts'
import type { MatrixResult } from '../run-matrix.ts'
import { MAX_DRAWN_RECORDINGS_IN_ALL } from './limits.ts'
import {
  type ReportCell,
  type ReportModel,
  type ReportRun,
  type ReportVerdict,
  worstOf,
} from './model.ts'
import { reportOfRun } from './of-run.ts'

type Place = Pick<RunPath, 'arch' | 'fileSystem'>

interface Read extends RunPath {
  subject: string | null
  run: ReportRun
}

/** Reads runs one after another, since the bytes of all of them are too many to be kept. */
function readAll(paths: readonly RunPath[]): Read[] {
  const room = { recordings: MAX_DRAWN_RECORDINGS_IN_ALL }
  return paths.map((place) => {
    const read = readRun(place.path)
    return {
      ...place,
      subject: read.ok ? read.run.subject : null,
      run: reportOfRun(read, room),
    }
  })
}

function cellsOf(reads: readonly Read[], known: readonly Place[]): ReportCell[] {
  const names = new Set([...known, ...reads].map((cell) => `${cell.arch}/${cell.fileSystem}`))
  return [...names].map((name) => {
    const [arch = '', fileSystem = ''] = name.split('/')
    const runs = reads
      .filter((read) => read.arch === arch && read.fileSystem === fileSystem)
      .map(({ run }) => run)
    const verdict = worstOf(runs.map((run) => run.verdict))
    return { arch, fileSystem, status: statusOf(arch, fileSystem), verdict, runs }
  })
}

/** What stands beside the runs: cells that are named though nobody ran them, and what was wrong, and how bad that is. */
interface Beside {
  known: readonly Place[]
  problems: readonly string[]
  problemsAre: ReportVerdict
}

function modelOf(reads: readonly Read[], { known, problems, problemsAre }: Beside): ReportModel {
  const cells = cellsOf(reads, known)
  const verdicts = cells.map(({ verdict }) => verdict)
  const names = reads.flatMap(({ subject }) => subject ?? [])
  return {
    schema: 'https://pullplug.dev/schemas/report/1.json',
    tool: { name: 'pullplug', version: packageVersion },
    subjects: [...new Set(names)].map((name) => shown(name)),
    verdict: worstOf(problems.length > 0 ? [problemsAre, ...verdicts] : verdicts),
    problems: firstProblems(problems),
    cells,
  }
}

/**
 * The report of an evidence folder: every run that stands there, also those that can't be believed, and every cell
 * that the gate knows. Throws a `MachineError` when there is no such folder, or no run in it.
 */
export function reportOfEvidence(directory: string): ReportModel {
  const { runs, problems } = findRuns(directory)
  if (runs.length === 0) {
    const [first] = problems
    const why = first === undefined ? '' : `; ${first}`
    throw new MachineError(
      'MISSING',
      `there is no run in ${shownPath(directory)}, so there is nothing to report${why}`,
      'Run `pullplug matrix`, or name the folder that holds the evidence.',
    )
  }
  return modelOf(readAll(runs), { known: CELLS, problems, problemsAre: 'invalid' })
}

const placeOf = (cell: string): Place => {
  const [arch = '', fileSystem = ''] = cell.split('/')
  return { arch, fileSystem }
}

/**
 * The report of what a matrix ran, read from where its evidence stands, with the cells that it could not run. Null
 * where it ran none.
 */
export function reportOfMatrix({ runs, missing, broken }: MatrixResult): ReportModel | null {
  if (runs.length === 0) return null
  const paths = runs.map(({ run, path }) => ({ ...run.cell, path }))
  return modelOf(readAll(paths), {
    known: [...missing, ...broken].map(({ cell }) => placeOf(cell)),
    problems: broken.map(({ cell, error }) => `${cell} could not be run: ${shown(error.message)}`),
    problemsAre: 'inconclusive',
  })
}
