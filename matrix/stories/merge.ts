import type { Story } from '../../harness/story/story.ts'
import { recordedFaultsInWords } from '../evidence/faults-in-words.ts'
import type { ReadFiles } from '../evidence/read-files.ts'
import type { StoriesRecord } from '../evidence/stories-types.ts'
import { failuresOn, type Records } from './failures.ts'
import { storiesRecord } from './told.ts'

/**
 * The stories of a run from those of its shards, with the lines of the run; null where nothing failed. A story whose failure
 * is no longer on record, since there are too many, is left out.
 */
export function mergeStories(
  shards: readonly Pick<ReadFiles, 'stories'>[],
  merged: Records,
): StoriesRecord | null {
  const failures = failuresOn(merged, recordedFaultsInWords)
  const stories = shards.flatMap((shard) => shard.stories?.stories ?? [])
  const told = stories.flatMap((story): { at: number; story: Story }[] => {
    const round = story.case.split('.')[0]
    const ofTier = failures.filter(({ tier }) => tier === story.tier)
    const own =
      ofTier.find((failure) => failure.case === story.case) ??
      ofTier.find((failure) => failure.case.split('.')[0] === round)
    if (own === undefined) return []
    const replay = own.replay.replace(own.case, story.case)
    return [{ at: failures.indexOf(own), story: { ...story, replay } }]
  })
  const inOrder = told.sort((one, other) => one.at - other.at)
  return storiesRecord(inOrder.map(({ story }) => story))
}
