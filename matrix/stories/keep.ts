import type { Alike } from '../../harness/story/causes.ts'
import type { Story } from '../../harness/story/story.ts'

/** How failures become stories that are kept. */
export interface Keeping<T> {
  /** The step and the case on record. */
  key: (failure: T) => string
  tell: (failure: T) => Story | null
  replayOf: (failure: T) => string
}

/** Keeps the story of each cause by every failure that has it: those on record count it. */
export function keepStories<T>(
  stories: Map<string, Story>,
  causes: readonly Alike<T>[],
  { key, tell, replayOf }: Keeping<T>,
): void {
  for (const { first, all } of causes) {
    const story = tell(first)
    if (story === null) continue
    const told = { ...story, count: 1, replay: replayOf(first) }
    for (const failure of all) stories.set(key(failure), told)
  }
}
