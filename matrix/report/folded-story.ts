import { block, htmlCode } from '../text/markdown.ts'

/** A story in Markdown that can be unfolded: `where` is ours, the lines are plain. One that is open stands unfolded. */
export function foldedStory(where: string, lines: readonly string[], isOpen: boolean): string {
  const [title = ''] = lines
  return [
    `<details${isOpen ? ' open' : ''}><summary>${where} ${htmlCode(title)}</summary>`,
    '',
    ...block('text', lines),
    '',
    '</details>',
    '',
  ].join('\n')
}

/** Such stories as far as they fit in so many characters, and a line that says how many do not. */
export function foldedWithin(stories: readonly string[], maxChars: number): string[] {
  const kept: string[] = []
  let left = maxChars
  for (const story of stories) {
    if (story.length + 1 > left) break
    left -= story.length + 1
    kept.push(story)
  }
  const leftOut = stories.length - kept.length
  return leftOut === 0 ? kept : [...kept, `…and ${leftOut} more, which do not fit here.`]
}
