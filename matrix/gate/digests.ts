import { expectedDigests } from '../../subjects/wal/expected/portability.ts'
import { subjectNamed } from '../../subjects/wal/expected/subject.ts'
import type { GoodRead } from '../evidence/read.ts'
import type { PortabilityRecord } from '../evidence/types.ts'
import type { PlacedRun } from './decision.ts'

type DigestName = keyof PortabilityRecord['digests']

const NAMES: Record<DigestName, string> = {
  plans: 'its plans',
  operations: 'its file operations',
  wal: 'the bytes of its log',
  safeSeq: 'the bytes of its safe_seq',
}

/** Which of a run's digests is not the one that is computed here, in a sentence; null when all are. */
export function digestProblem({ run, portability }: GoodRead): string | null {
  const subject = subjectNamed(run.subject)
  const expected = subject === undefined ? null : expectedDigests(subject)
  if (portability === null || expected === null) return null
  const names = Object.keys(NAMES) as DigestName[]
  const odd = names.find((name) => portability.digests[name] !== expected[name])
  return odd === undefined ? null : `${NAMES[odd]} are not those that this version computes`
}

/** What differs between cells that must not. */
export interface DigestDifferences {
  /** Between gated cells, in sentences. */
  problems: string[]
  /** By cell (`arch/fs`): how one that is not gated differs from the others, in a sentence. */
  strays: Map<string, string>
}

/**
 * Compares what must be the same on every architecture and file system. Cells that are not gated are
 * held against the gated ones, or where there are none against the first.
 */
export function compareDigests(
  runs: PlacedRun[],
  isGated: (arch: string, fileSystem: string) => boolean,
): DigestDifferences {
  const told = runs.flatMap(({ arch, fileSystem, read }) =>
    read.ok && read.portability !== null
      ? [
          {
            cell: `${arch}/${fileSystem}`,
            gated: isGated(arch, fileSystem),
            digests: read.portability.digests,
          },
        ]
      : [],
  )
  const differences: DigestDifferences = { problems: [], strays: new Map() }
  const reference = told.find(({ gated }) => gated) ?? told[0]
  if (reference === undefined) return differences
  for (const [name, what] of Object.entries(NAMES) as [DigestName, string][]) {
    const others = told.filter(({ digests }) => digests[name] !== reference.digests[name])
    for (const { cell, gated } of others) {
      const difference = `${what} are not those of ${reference.cell}`
      if (gated) differences.problems.push(`${cell} is not portable: ${difference}`)
      else differences.strays.set(cell, difference)
    }
  }
  return differences
}
