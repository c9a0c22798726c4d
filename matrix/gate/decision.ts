import type { RunRead } from '../evidence/read.ts'
import type { CellStatus } from '../evidence/types.ts'

/** A run that was read, and the cell in whose place it stands. */
export interface PlacedRun {
  arch: string
  fileSystem: string
  read: RunRead
}

/** What the gate says of one cell. */
export interface CellDecision {
  /** Such as `amd64/ext4`. */
  cell: string
  status: CellStatus
  /** `absent` is an optional or informational cell that nobody ran. */
  result: 'pass' | 'fail' | 'warn' | 'absent'
  /** Why, in a sentence. */
  reason: string
  runs: number
  /** The lines that reproduce what did not pass in its steps: the first ones of each. */
  replays: string[]
}

/** The release decision. */
export interface GateDecision {
  schema: 'https://pullplug.dev/schemas/gate/2.json'
  decision: 'pass' | 'fail'
  /** The commit that the evidence must be of; null when none is known, which fails. */
  commit: string | null
  cells: CellDecision[]
  /** What is wrong with the evidence beside any cell. */
  problems: string[]
}
