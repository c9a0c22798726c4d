const CHARS = 120
/** So much is shown of what is equal, before the difference. */
const BEFORE_CHARS = 20

/** What a terminal acts on and does not show: controls, and marks that turn the direction of a line. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const asEscape = (character: string): string =>
  `\\u{${(character.codePointAt(0) as number).toString(16)}}`

/** A text of which nothing is acted on by a terminal; what would be is written as an escape. */
function escapeHidden(text: string): string {
  return text.replace(HIDDEN, asEscape)
}

/** A text on one line, in quotation marks, cut where it is long; `from` is the first character to be shown. */
function quoted(text: string, from: number): string {
  const cut = text.slice(from, from + CHARS)
  const shown = escapeHidden(JSON.stringify(cut))
  const more = cut.length < text.length ? ` of ${text.length} characters` : ''
  return `${from > 0 ? '…' : ''}${shown}${from + CHARS < text.length ? '…' : ''}${more}`
}

/** A line of the protocol, cut where it is long. */
export function lineExcerpt(line: string): string {
  const cut = line.length > CHARS ? `${line.slice(0, CHARS)}… (${line.length} characters)` : line
  return escapeHidden(cut)
}

/** What was sent and what came back, each cut to where they differ; null is nothing. */
export function excerptsOf(sent: string | null, cameBack: string | null): [string, string] {
  let same = 0
  if (sent !== null && cameBack !== null) {
    while (same < sent.length && sent[same] === cameBack[same]) same++
  }
  const from = same > BEFORE_CHARS * 2 ? same - BEFORE_CHARS : 0
  const shown = (text: string | null): string => (text === null ? 'nothing' : quoted(text, from))
  return [shown(sent), shown(cameBack)]
}
