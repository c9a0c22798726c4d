import type { KeptFile } from './kept-files.ts'

/** The rules, in the order in which they are asked. */
export const RULES = [
  'R1_FIRST_SEQ_EQ_1',
  'R2_SEQ_CONTIGUOUS',
  'R3_SAFESEQ_LE_MAXSEQ',
  'R4_SAFESEQ_FRAME_EXISTS',
  'R5_NO_PHANTOMS',
  'NO_CORRUPT_JSON',
] as const

export type Rule = (typeof RULES)[number]

/** Something that breaks a rule, and where in the log. */
export interface Offence {
  rule: Rule | 'SAFESEQ_MISSING' | 'SAFESEQ_WRONG_LENGTH' | 'NOT_A_FILE'
  /** In `telemetry.wal`; 0 when it is safe_seq's own. */
  offsetBytes: number
  seq: string | null
  detail: string
}

/** What a log's directory holds, rule by rule. Sequence numbers are decimal strings. */
export interface VerifyReport extends Record<Rule, boolean> {
  schema: 'https://pullplug.dev/schemas/wal-verify/1.json'
  directory: string
  safeSeq: string | null
  /** The size of `telemetry.safe_seq`, or null when it is missing. */
  safeSeqBytes: number | null
  counts: {
    /** Complete frames whose JSON is an entry's. */
    frames: number
    committedFrames: number
    /** Complete frames whose JSON is none. */
    corruptFrames: number
    /** Complete frames beyond the committed range. */
    phantomFrames: number
    walBytes: number
    committedBytes: number
    bytesBeyondSafePoint: number
    /** However many there are. */
    offences: number
    keptFiles: number
  }
  maxSeq: string | null
  /** The entries beyond the committed range: what an open would cut off. */
  beyondSafePoint: {
    entries: number
    firstSeq: string | null
    lastSeq: string | null
    /** The most that follow one another: above 1, no crash left them, and an open would keep them first. */
    inARow: number
  }
  /** Every rule holds. */
  pass: boolean
  /** The first of `offences`. */
  firstOffence: Offence | null
  /** The first ten, by their place in the log; safe_seq's own come first. */
  offences: Offence[]
  /** What recoveries cut off and kept, the first ten by name. They break no rule. */
  keptFiles: KeptFile[]
}
