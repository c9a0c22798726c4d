import type { FailureName } from '../harness/oracle/failure.ts'
import type { Verdict } from '../matrix/evidence/types.ts'

/** What one run, with one seed, found out on one file system. */
export interface Run {
  seed: number
  fileSystem: string
  verdict: Verdict
  /** Why it is not a pass; null where it is one. */
  reason: string | null
  cases: number
  failed: number
  /** How many different contents of the subject's directory were judged; null where its tier does not count them. */
  contents: number | null
  /** The names of the failures that were told. */
  failures: FailureName[]
  /** The smallest failure, told as a story, and the command that tries its history again. */
  story: Story | null
}

export interface Story {
  words: string
  acked: number
  replay: string
}

/** What came of one finding: of its subject, and of the cured one. */
export interface Result {
  /** Such as `steno 4.0.2`. */
  version: string
  /** The system and the Node on which it was seen. */
  machine: string
  seconds: number
  runs: Run[]
  cured: Run[]
}

/** Every result by the name of its finding. */
export type Results = Record<string, Result>
