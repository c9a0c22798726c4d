import { basename } from 'node:path'
import { contradiction } from '../evidence/cross-check.ts'
import { type GoodRead, readRun } from '../evidence/read.ts'
import { findRuns } from '../evidence/tree.ts'
import { placeRun, type RunEvidence, writeRun } from '../evidence/write.ts'
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
type Part = { evidence: RunEvidence } | { read: GoodRead }

function readAll(directories: string[]): { reads: GoodRead[]; problems: string[] } {
  const trees = directories.map(findRuns)
  const reads = trees.flatMap(({ runs }) => runs.map(({ path }) => readRun(path)))
  const good = reads.filter((read) => read.ok)
  return {
    reads: good,
    problems: [
      ...trees.flatMap(({ foreign }) => foreign.map((path) => `${path} is no run of ours`)),
      ...reads.flatMap((read) => (read.ok ? [] : `${read.path}: ${read.problem}`)),
      ...(reads.length === 0 ? [`there is no run in ${directories.join(', ')}`] : []),
    ],
  }
}

function write(out: string, part: Part): Merged['runs'][number] {
  if ('evidence' in part) {
    const { evidence } = part
    return { path: writeRun(out, evidence), shards: evidence.run.shards.length }
  }
  const { read } = part
  return { path: placeRun(out, read.run.cell, basename(read.path), read.files), shards: 0 }
}

/**
 * Brings the shards in evidence folders together into whole runs, and carries whole runs over as they
 * are. Throws a `MachineError` when a folder is not there or nothing can be written to `out`.
 */
export async function merge({ directories, out, allowGaps }: MergeRequest): Promise<Merged> {
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
      const evidence = mergeShards(sorted.reads, `${out}/${group.name}`)
      const problem = contradiction(evidence, group.name)
      if (problem === null) parts.push({ evidence })
      else merged.refusals.push(`the shards of ${group.name} do not add up: ${problem}`)
    }
  }
  if (merged.refusals.length === 0) {
    merged.runs.push(...(await withLock(out, async () => parts.map((part) => write(out, part)))))
  }
  return merged
}
