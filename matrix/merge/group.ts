import { shown, shownPath } from '../../harness/text/shown.ts'
import type { GoodRead } from '../evidence/read.ts'
import { runName, shardName } from '../shard.ts'
import { differenceBetween } from './difference.ts'

/** All that was found of one run of a cell. */
export interface Group {
  /** Such as `amd64/ext4/run-1`. */
  name: string
  parts: GoodRead[]
}

/** What a group comes to. */
export type Sorted =
  | { is: 'whole'; read: GoodRead }
  | { is: 'shards'; reads: [GoodRead, ...GoodRead[]] }
  | { is: 'gap'; reads: GoodRead[]; problem: string }
  | { is: 'refused'; problem: string }

/** What was read, by cell and run number, in the order in which each was first met. */
export function groupRuns(reads: GoodRead[]): Group[] {
  const groups = new Map<string, Group>()
  for (const read of reads) {
    const { cell, run } = read.run
    const name = `${cell.arch}/${cell.fileSystem}/${runName(run, null)}`
    const group = groups.get(name) ?? { name, parts: [] }
    group.parts.push(read)
    groups.set(name, group)
  }
  return [...groups.values()]
}

function overlap({ name, parts }: Group): string | null {
  for (const [at, one] of parts.entries()) {
    for (const other of parts.slice(at + 1)) {
      const both = `${shownPath(one.path)} and ${shownPath(other.path)}`
      const [mine, theirs] = [one.run.shard, other.run.shard]
      if (mine === null && theirs === null) return `${name} is there twice: ${both}`
      if (mine === null || theirs === null) return `${name} is there whole and as a shard: ${both}`
      if (mine.of !== theirs.of) {
        return `${name} is there as shards of ${mine.of} and of ${theirs.of}: ${both}`
      }
      if (mine.index === theirs.index) {
        return `shard ${shardName(mine)} of ${name} is there twice: ${both}`
      }
    }
  }
  return null
}

/** Whether a group is a whole run, all shards of one, some of them, or things that don't belong together. */
export function sortOut(group: Group): Sorted {
  const [first, ...rest] = group.parts as [GoodRead, ...GoodRead[]]
  const problem =
    overlap(group) ??
    rest.map((other) => differenceBetween(first, other)).find((each) => each !== null)
  if (problem) return { is: 'refused', problem }
  if (first.run.shard === null) return { is: 'whole', read: first }
  const { of } = first.run.shard
  const byIndex = new Map(group.parts.map((read) => [read.run.shard?.index, read]))
  const wanted = Array.from({ length: of }, (_, at) => at + 1)
  const reads = wanted.flatMap((index) => byIndex.get(index) ?? [])
  const missing = wanted.filter((index) => !byIndex.has(index)).map((index) => `${index}/${of}`)
  if (missing.length === 0) return { is: 'shards', reads: reads as [GoodRead, ...GoodRead[]] }
  const word = missing.length === 1 ? 'shard' : 'shards'
  const there = shown(reads.map(({ path }) => shownPath(path)).join(', '))
  return {
    is: 'gap',
    reads,
    problem: `${group.name} lacks ${word} ${missing.join(', ')} beside ${there}`,
  }
}
