import type { Story } from '../../../harness/story/story.ts'
import { failuresOn, hasState, type RecordedFailure } from '../../stories/failures.ts'
import { recordedFaultsInWords } from '../faults-in-words.ts'
import type { ReadFiles } from '../read-files.ts'

const roundOf = (name: string): string => name.split('.')[0] as string

/** The failures that a story can stand for: the one of its case, or of a state of the same recording that lost less. */
function toldBy(
  story: Story,
  failures: readonly RecordedFailure[],
  files: ReadFiles,
): readonly RecordedFailure[] {
  const ofTier = failures.filter(({ tier }) => tier === story.tier)
  const same = ofTier.filter((failure) => failure.case === story.case)
  if (same.length > 0 || story.tier !== 'power-cut' || !hasState(files, story.case)) return same
  return ofTier.filter((failure) => roundOf(failure.case) === roundOf(story.case))
}

function storyProblem(
  story: Story,
  failures: readonly RecordedFailure[],
  files: ReadFiles,
): string | null {
  const which = `the ${story.tier} of ${story.case}`
  const told = toldBy(story, failures, files)
  if (told.length === 0) return `a story tells ${which}, and no such failure is on record`
  const named = told.filter(({ failures: [first] }) => first.name === story.failures[0]?.name)
  if (named.length === 0) {
    return `a story tells ${which} as ${story.failures[0]?.name}, and it failed as ${told[0]?.failures[0].name}`
  }
  const isOwnLine = named.some(
    (failure) => failure.replay.replace(failure.case, story.case) === story.replay,
  )
  return isOwnLine ? null : `the line that shows the story of ${which} again is another one`
}

/** What of a run's stories does not follow from the failures on record. */
export function storiesProblem(files: ReadFiles): string | null {
  const failures = failuresOn(files, recordedFaultsInWords)
  const stories = files.stories?.stories ?? []
  if (failures.length === 0) {
    return stories.length === 0 ? null : 'there is a stories.json, and nothing failed'
  }
  for (const story of stories) {
    const problem = storyProblem(story, failures, files)
    if (problem !== null) return problem
  }
  const causes = stories.map(({ cause }) => cause)
  if (new Set(causes).size < causes.length) return 'stories.json tells one cause twice'
  for (const tier of ['kill', 'power-cut', 'io-error'] as const) {
    const failed = failures.filter((failure) => failure.tier === tier).length
    const told = stories.filter((story) => story.tier === tier)
    if (failed > 0 && told.length === 0) return `no story tells what failed of the ${tier} step`
    const counted = told.reduce((sum, { count }) => sum + count, 0)
    if (counted !== failed) {
      return `stories.json counts ${counted} failures of the ${tier} step, and ${failed} are on record`
    }
  }
  return null
}
