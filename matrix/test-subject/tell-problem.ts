import { storyInLines } from '../../harness/story/story-in-lines.ts'
import type { TierProblem } from '../../harness/tier.ts'

/** A case in lines: its story, or why it could not be judged and the line that tries it again. */
export function problemInLines(
  { case: name, what, notJudged, story }: TierProblem,
  replay: string,
): string[] {
  if (story !== null) return storyInLines(story)
  return [`not judged: case ${name}, ${what}: ${notJudged}`, `  ${replay}`]
}
