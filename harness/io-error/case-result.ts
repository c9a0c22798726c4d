import { type JudgedCase, UNJUDGED } from '../oracle/judged-case.ts'
import type { StoryEvent } from '../story/story.ts'
import type { SentChange } from '../subject/change.ts'
import type { Struck } from './play-on.ts'

/** What became of a case that meets an error. */
export interface ErrorCaseResult extends JudgedCase {
  /** What the subject was asked when it struck; null where it did not. */
  struck: Struck | null
  /** The operation that met it, in words; null where none did, or that is not seen. */
  met: string | null
  /** All that was asked, of which the case judges the first `sent`. */
  history: readonly SentChange[]
  /** What happened, in the order of time; nothing where operations are not seen. */
  events: readonly StoryEvent[]
}

export const UNTRIED: ErrorCaseResult = {
  ...UNJUDGED,
  struck: null,
  met: null,
  history: [],
  events: [],
}

/** How many changes of a history were acknowledged. */
export function ackedOf(history: readonly SentChange[]): number {
  return history.filter(({ outcome }) => outcome === 'acked').length
}

/** Why there is no verdict where nothing came to what was ordered to fail, or there was enough of everything. */
export const MET_NOTHING = 'the error met nothing'
