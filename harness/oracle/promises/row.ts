import type { History } from '../../subject/change.ts'
import type { Finding } from '../finding.ts'
import type { SeenValues } from '../values.ts'

/** What a subject can say that an acknowledgement is worth after a fault. */
export interface PromiseRow {
  /** What must be there, in a sentence without its end. */
  means: string
  /** Whether it allows that what was acknowledged last is gone. */
  allowsEarlier: boolean
  /** Whether it says anything of the content. */
  saysOfContent: boolean
  /** Whether what it allows is the state after some number of changes. */
  isNumbered: boolean
  /** What is wrong with the entries of a log after this history. */
  judgeEntries(history: History, entries: readonly string[]): Finding
  /** What is wrong with what a store or a file holds after this history. */
  judgeValues(history: History, seen: SeenValues): Finding
}
