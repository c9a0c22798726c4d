import type { IoErrorName } from '../harness/io-error/errors/index.ts'
import type { FailureName } from '../harness/oracle/failure.ts'
import type { PromisedFault } from '../harness/subject/promise.ts'
import type { Tier } from '../harness/tier.ts'
import type { FileSystemName } from '../harness/volume/file-systems/index.ts'

/** How the version of a subject is found out: of an npm package that is installed, or by a command's last word. */
export type VersionSource = { package: string } | { command: readonly string[] } | 'ours'

interface BaseRow {
  /** What was shown, or what kept its promise. */
  title: string
  /** The description of the subject that is tested, from the folder `subjects`. */
  description: string
  version: VersionSource
  tier: Tier['name']
  fileSystems: readonly FileSystemName[]
  seeds: readonly number[]
  /** How long one run with one seed may take, on all file systems together. */
  seconds: number
}

/** A subject that kept its promise. */
export interface KeptRow extends BaseRow {
  kind: 'kept'
}

/** A subject that failed beside a cured one that passes. */
export interface FailedRow extends BaseRow {
  /** Whether it broke a promise, or lost what nobody had promised. */
  kind: 'broken' | 'unpromised'
  /** The description whose `words` and `source` are quoted, where it is another one. */
  documented?: string
  /** What a reader must know, in a few sentences. */
  remark: string
  /** The same subject with what it leaves out. */
  cured: string
  cure: string
  /** On which file systems it must be shown. */
  shownOn: readonly FileSystemName[]
  /** The failures that show it; one of them is enough. */
  failures: readonly FailureName[]
  /** The error whose cases show it, of the tier `io-error`; cases of others are left aside. */
  error?: IoErrorName
}

/** One finding, as its file says it: what is run, and what must be seen. */
export type Row = KeptRow | FailedRow

/** What the promise is, in the words of the description that this one names. */
export const documentedIn = (row: Row): string =>
  row.kind === 'kept' ? row.description : (row.documented ?? row.description)

/** Of each tier, what it is called on the page, and the faults whose promises it puts to the test. */
export const TIERS: Record<Row['tier'], { inWords: string; faults: readonly PromisedFault[] }> = {
  kill: { inWords: 'kill', faults: ['kill'] },
  'power-cut': { inWords: 'power cut', faults: ['power-cut'] },
  'io-error': { inWords: 'I/O error', faults: ['io-error', 'full-disk'] },
}
