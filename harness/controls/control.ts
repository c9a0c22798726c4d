import type { Subject } from '../subject.ts'

/** A subject broken on purpose: what is broken about it, and who can see that. */
export interface Control {
  subject: Subject
  /** What is broken, in a sentence. */
  defect: string
  /** Why no SIGKILL can show it; undefined when one can, and then the kill tier must catch it. */
  unseenBecause?: string
}
