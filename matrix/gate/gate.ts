import type { Description } from '../../harness/subject/description.ts'
import { checkoutOf } from '../commit.ts'
import { readRun, withoutBytes } from '../evidence/read.ts'
import { assertValid } from '../evidence/schemas.ts'
import { findRuns } from '../evidence/tree.ts'
import { EXIT } from '../exit-code.ts'
import { decide } from './decide.ts'
import type { GateDecision, PlacedRun } from './decision.ts'

export interface GateOptions {
  /** The evidence folder. */
  directory: string
  /** The commit that evidence must be of; HEAD of the working directory's checkout unless given. */
  commit?: string
  /** How old evidence may be; 24 unless given. */
  maxAgeHours?: number
  /** What describes the subject that is asked about; our own log unless given. */
  description?: Description | null
  /** Whether to decide as advice: the exit code is then 0. */
  advisory: boolean
  now?: Date
}

/**
 * Reads evidence and decides; it changes nothing. In GitHub Actions it annotates, too. Throws a
 * `MachineError` when there is no such folder.
 */
export async function runGate(
  options: GateOptions,
): Promise<{ decision: GateDecision; runs: PlacedRun[]; exitCode: number }> {
  const { runs, problems } = findRuns(options.directory)
  const placed = runs.map(({ arch, fileSystem, path }) => ({
    arch,
    fileSystem,
    read: withoutBytes(readRun(path)),
  }))
  const decision = decide(placed, problems, {
    commit: options.commit ?? (await checkoutOf(process.cwd(), options.directory)).checkout.commit,
    maxAgeHours: options.maxAgeHours ?? 24,
    now: options.now ?? new Date(),
    description: options.description ?? null,
  })
  assertValid('gate', decision)
  return {
    decision,
    runs: placed,
    exitCode: decision.decision === 'pass' || options.advisory ? EXIT.pass : EXIT.fail,
  }
}
