import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { MachineError } from '../../harness/process/machine-error.ts'
import { shown, shownPath } from '../../harness/text/shown.ts'
import { contradiction } from '../evidence/cross-check.ts'
import { type GoodRead, readRun, withoutBytes } from '../evidence/read.ts'
import { outProblem } from '../evidence/replay-line.ts'
import { findRuns, firstProblems } from '../evidence/tree.ts'
import { placeRun, writeRun } from '../evidence/write.ts'
import { withLock } from '../lock.ts'
import { groupRuns, sortOut } from './group.ts'
import { mergeShards } from './merge-shards.ts'

/** What is brought together, and where to. */
export interface MergeRequest {
  /** Evidence folders. */
  directories: string[]
  /** The evidence folder that is written to. */
  out: string
  /** Whether a run that lacks shards is carried over as its shards, which no gate lets pass. */
  allowGaps: boolean
  signal?: AbortSignal
}

/** What came of it. Nothing is written when anything was refused. */
export interface Merged {
  /** Where runs now stand, and how many shards each was made from; none for one carried over as it was. */
  runs: { path: string; shards: number }[]
  /** Runs that lack shards, when that is allowed. */
  gaps: string[]
  /** Why nothing was merged, each in a sentence. */
  refusals: string[]
}

/** What is to be written: a run made from shards, or the folder of one as it was read. */
type Part = { name: string; shards: [GoodRead, ...GoodRead[]] } | { read: GoodRead }

/** All runs, without their bytes: of many, those would be more than memory holds. */
function readAll(directories: string[]): { reads: GoodRead[]; problems: string[] } {
  const trees = directories.map(findRuns)
  const reads = trees.flatMap(({ runs }) => runs.map(({ path }) => withoutBytes(readRun(path))))
  const good = reads.filter((read) => read.ok)
  return {
    reads: good,
    problems: [
      ...(reads.length === 0
        ? [`there is no run in ${directories.map((each) => shownPath(each)).join(', ')}`]
        : []),
      ...trees.flatMap((tree) => tree.problems),
      ...reads.flatMap((read) => (read.ok ? [] : `${shownPath(read.path)}: ${read.problem}`)),
    ],
  }
}

/** A run again, with its bytes. Throws a `MachineError` when it is not what it was. */
function readAgain({ path, sums }: GoodRead): GoodRead {
  const read = readRun(path)
  if (read.ok && read.sums === sums) return read
  throw new MachineError(
    'BROKEN',
    `${shownPath(path)} was changed while it was merged`,
    'Merge folders that nobody writes to.',
  )
}

/** The run that shards make, as it will stand below `out`. */
function runOf(shards: [GoodRead, ...GoodRead[]], out: string, name: string) {
  const reads = shards.map(readAgain) as [GoodRead, ...GoodRead[]]
  return mergeShards(reads, `${out}/${name}`)
}

function write(out: string, part: Part): Merged['runs'][number] {
  if ('shards' in part) {
    const { shards, name } = part
    return { path: writeRun(out, runOf(shards, out, name)), shards: shards.length }
  }
  const { run, path, files } = readAgain(part.read)
  return { path: placeRun(out, run.cell, basename(path), files), shards: 0 }
}

/**
 * Brings the shards in evidence folders together into whole runs, and carries whole runs over as they
 * are. Throws a `MachineError` when a folder is not there or nothing can be written to `out`, and what
 * `signal` was aborted with; runs that were written by then stand there whole.
 */
export async function merge(request: MergeRequest): Promise<Merged> {
  const { directories, out, allowGaps, signal } = request
  const { reads, problems } = readAll(directories)
  const parts: Part[] = []
  const merged: Merged = { runs: [], gaps: [], refusals: problems }
  for (const group of groupRuns(reads)) {
    const sorted = sortOut(group)
    if (sorted.is === 'refused') merged.refusals.push(sorted.problem)
    else if (sorted.is === 'whole') parts.push({ read: sorted.read })
    else if (sorted.is === 'gap') {
      if (allowGaps) merged.gaps.push(sorted.problem)
      else merged.refusals.push(sorted.problem)
      parts.push(...sorted.reads.map((read) => ({ read })))
    } else {
      const { reads: shards } = sorted
      const { name } = group
      const tooLong = outProblem(out, shards[0].run.subjectPath)
      const problem = tooLong ?? contradiction(runOf(shards, out, name), name)
      if (problem === null) parts.push({ name, shards })
      else merged.refusals.push(`the shards of ${name} do not add up: ${shown(problem)}`)
    }
  }
  if (merged.refusals.length === 0) {
    await withLock(out, async () => {
      for (const part of parts) {
        // A signal is heard only between two tasks.
        await setImmediate()
        signal?.throwIfAborted()
        merged.runs.push(write(out, part))
      }
    })
  }
  merged.refusals = firstProblems(merged.refusals)
  return merged
}
