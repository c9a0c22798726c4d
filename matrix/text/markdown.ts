import { shown } from '../../harness/text/shown.ts'

/** A fence of backticks that is longer than any run of them in a text. */
function fenceFor(text: string, least: number): string {
  const runs = text.match(/`+/g) ?? []
  return '`'.repeat(Math.max(least, ...runs.map((run) => run.length + 1)))
}

/**
 * Text from outside as a code span of Markdown, on one line: the only place in which GitHub makes nothing
 * of links, mentions, emoji, images and HTML. Not for a cell of a table, which a `|` would end.
 */
export function codeSpan(text: string, maxChars?: number): string {
  const plain = shown(text, maxChars)
  if (plain === '') return '` `'
  const fence = fenceFor(plain, 1)
  return fence === '`' ? `\`${plain}\`` : `${fence} ${plain} ${fence}`
}

/** Lines of a shell, which were computed and quoted here, as a block of Markdown. */
export function shellBlock(lines: readonly string[]): string[] {
  const fence = fenceFor(lines.join('\n'), 3)
  return [`${fence}sh`, ...lines, fence]
}
