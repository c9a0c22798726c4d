import { storyInLines } from '../../harness/story/story-in-lines.ts'
import { plainLine } from '../../harness/text/shown.ts'
import type { TierProblem } from '../../harness/tier.ts'

/** A case in lines in which nothing is hidden: its story, or why it could not be judged and the line that tries it again. */
export function problemInLines(
  { case: name, what, notJudged, story }: TierProblem,
  replay: string,
): string[] {
  const lines =
    story === null
      ? [`not judged: case ${name}, ${what}: ${notJudged}`, `  ${replay}`]
      : storyInLines(story)
  return lines.map(plainLine)
}
