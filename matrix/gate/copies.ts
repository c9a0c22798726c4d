import type { GoodRead } from '../evidence/read.ts'
import type { PlacedRun } from './decision.ts'

/** What no two runs have in common, each by what they then share. */
function* marksOf({ run, verifyReport, recordingMarks }: GoodRead): Generator<[string, string]> {
  for (const { disk, writes } of recordingMarks) {
    yield ['the disk of a recording', disk]
    yield ['the writes of a recording', writes]
  }
  for (const { sums } of run.shards) yield ['a shard', sums]
  if (verifyReport !== null) yield ['the folder of their known-good logs', verifyReport.directory]
}

const placeOf = ({ run: { cell, run } }: GoodRead): string =>
  `${cell.arch}/${cell.fileSystem}/run-${run}`

/**
 * Runs that are one run in two places, in sentences: every run formats disks of its own, whose names and
 * times are drawn, and works in a folder of its own.
 */
export function copies(runs: readonly PlacedRun[]): string[] {
  const known = new Map<string, GoodRead>()
  const problems: string[] = []
  for (const { read } of runs) {
    if (!read.ok) continue
    const shared = new Map<GoodRead, string>()
    for (const [what, mark] of marksOf(read)) {
      const other: GoodRead = known.get(`${what} ${mark}`) ?? read
      if (other !== read && !shared.has(other)) shared.set(other, what)
      known.set(`${what} ${mark}`, other)
    }
    for (const [other, what] of shared) {
      problems.push(`${placeOf(other)} and ${placeOf(read)} are one run: they share ${what}`)
    }
  }
  return problems
}
