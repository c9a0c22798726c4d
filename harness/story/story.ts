import type { Failure } from '../oracle/failure.ts'

/** What became of a change when the fault struck. */
export type ChangeOutcome = 'acknowledged' | 'failed' | 'in flight' | 'not sent'

/** One thing that happened, in the order of time: of it a timeline is drawn. */
export interface StoryEvent {
  kind: 'change' | 'acknowledged' | 'operation' | 'write' | 'flush' | 'fault' | 'recovery'
  /** In words, such as `append 3` or `notes.log, bytes 0 to 512`. */
  what: string
  /** `lost`: it never reached the disk. `torn`: a part of it did. */
  became: 'done' | 'lost' | 'torn' | 'failed'
}

/** How a failure was made smaller before it was told. */
export interface Reduction {
  /** How many changes the history had, and how many writes or operations the fault took; before and after. */
  from: { changes: number; lost: number }
  to: { changes: number; lost: number }
  /** How many smaller cases were tried. */
  tries: number
}

/** A failure told so that a person can follow it: what was promised, what was lost, what came back. */
export interface Story {
  tier: 'kill' | 'power-cut' | 'io-error'
  /** By which it is run again. */
  case: string
  /** What stands above it, in one sentence of at most 100 characters without a point. */
  title: string
  /** What was asked, in order, and what became of it. */
  asked: { change: string; outcome: ChangeOutcome }[]
  /** When the fault struck, and at what, in a sentence. */
  struck: string
  /** What the disk then held and what never reached it, a sentence each, by the names of files. */
  disk: string[]
  /** What recovery returned, in a sentence. */
  returned: string
  /** The failures, the first of which is told above. */
  failures: Failure[]
  /** The promise that this breaks, in a sentence, with the subject's own words where they are known. */
  breaks: string
  events: StoryEvent[]
  /** Null where nothing smaller was looked for. */
  reduced: Reduction | null
  /** What failures alike in cause share. */
  cause: string
  /** How many failures have this cause, with this one. */
  count: number
  /** The one line that shows it again. */
  replay: string
}
