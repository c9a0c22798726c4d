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
export const shellBlock = (lines: readonly string[]): string[] => block('sh', lines)

/** Lines from outside, each made plain, as a block of Markdown in which nothing is a link, a mention or HTML. */
export function block(language: string, lines: readonly string[]): string[] {
  const fence = fenceFor(lines.join('\n'), 3)
  return [`${fence}${language}`, ...lines, fence]
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** Text from outside as code where Markdown takes HTML only, such as in a summary. */
export function htmlCode(text: string): string {
  return `<code>${shown(text).replace(/[&<>"]/g, (each) => ENTITIES[each] as string)}</code>`
}
