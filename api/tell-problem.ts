import { storyInLines } from '../harness/story/story-in-lines.ts'
import { plainLine } from '../harness/text/shown.ts'
import type { TierProblem } from '../harness/tier.ts'

/** A failure in lines, the last of which shows it again; whatever the subject said, nothing in them is hidden. */
export function problemInLines({ what, failures, story }: TierProblem, again: string): string[] {
  if (story !== null) return storyInLines(story).map(plainLine)
  const told = failures.map(({ name, detail }) => `${name}: ${detail}`)
  return [...told, `  struck     ${what}`, `  again      ${again}`].map(plainLine)
}
