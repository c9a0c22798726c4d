/** What stands in for a character that a terminal without Unicode has, too. */
const GLYPHS: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  '’': '\\(cq',
  '‘': '\\(oq',
  '“': '\\(lq',
  '”': '\\(rq',
  '×': '\\(mu',
  '…': '...',
  "'": '\\(aq',
  '^': '\\(ha',
  '~': '\\(ti',
  '`': '\\(ga',
  '"': '\\(dq',
}

const unicode = (character: string): string => {
  const code = (character.codePointAt(0) as number).toString(16).toUpperCase()
  return `\\[u${code.padStart(4, '0')}]`
}

/** Text as roff shows it: on one line, each character itself, and no line of it a request. */
export function roffText(text: string): string {
  const plain = text.replace(/[\n\r\t]+/g, ' ').trim()
  const shown = plain.replace(
    /[\\\-’‘“”×…'^~`"]|[^ -~]/gu,
    (character) => GLYPHS[character] ?? unicode(character),
  )
  return shown.replace(/^\./, '\\&.')
}

/** Text in bold. */
export const bold = (text: string): string => `\\fB${roffText(text)}\\fR`

/** What is to be replaced by something of the reader's. */
export const italic = (text: string): string => `\\fI${roffText(text)}\\fR`

export const section = (title: string): string => `.SH ${roffText(title).toUpperCase()}`

export const subsection = (title: string): string => `.SS ${roffText(title)}`

export const paragraph = (text: string): string[] => ['.PP', roffText(text)]

/** A term, which is roff already, and what it means. */
export const term = (what: string, meaning: string): string[] => ['.TP', what, roffText(meaning)]

/** Lines to be typed, as they stand. */
export const examples = (lines: readonly string[]): string[] => [
  ...['.PP', '.RS 4', '.nf'],
  ...lines.map(roffText),
  ...['.fi', '.RE'],
]
