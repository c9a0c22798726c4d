import type { ChangeOutcome, Story } from './story.ts'

const OUTCOMES: readonly ChangeOutcome[] = ['acknowledged', 'in flight', 'failed', 'not sent']

/** At most so many changes are named one by one. */
const MAX_NAMED = 4

function askedInWords({ asked }: Story): string[] {
  return OUTCOMES.flatMap((outcome) => {
    const changes = asked.filter((each) => each.outcome === outcome).map(({ change }) => change)
    if (changes.length === 0) return []
    const left = changes.length - MAX_NAMED
    const named = left > 1 ? [...changes.slice(0, MAX_NAMED), `${left} more`] : changes
    return `${outcome}: ${named.join(', ')}`
  })
}

function countInWords({ count }: Story): string[] {
  return count > 1 ? [`${count - 1} more failed in the same way.`] : []
}

/** A story as lines of text: its title, what happened in the order of time, and the line that shows it again. */
export function storyInLines(story: Story): string[] {
  const [first, ...rest] = story.failures
  const parts: [string, string[]][] = [
    ['asked', askedInWords(story)],
    ['struck', [story.struck]],
    ['disk', story.disk],
    ['came back', [story.returned]],
    ['breaks', [story.breaks]],
    ['as well', [...rest.map(({ name, detail }) => `${name}: ${detail}`), ...countInWords(story)]],
    ['again', [story.replay]],
  ]
  const body = parts.flatMap(([label, lines]) =>
    lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(9)}  ${line}`),
  )
  return [`${first?.name ?? 'not judged'}: ${story.title}`, ...body]
}
