import type { Story } from '../harness/story/story.ts'
import { storyInLines } from '../harness/story/story-in-lines.ts'
import type { TierProblem } from '../harness/tier.ts'

/** A failure in lines: its story, which ends with the line that shows it again. */
export function problemInLines(
  problem: TierProblem & { story?: Story | null },
  again: string,
): string[] {
  const { story, what, acked, failures } = problem
  if (story) return storyInLines(story)
  return [
    ...failures.map(({ name, detail }) => `${name}: ${detail}`),
    `  asked      acknowledged: ${acked} changes`,
    `  struck     ${what}`,
    `  again      ${again}`,
  ]
}
