import { stripVTControlCharacters } from 'node:util'

/**
 * What a terminal or a page acts on and does not show: controls (C0, C1, DEL), format characters such as
 * overrides of the direction and zero-width ones, lone surrogates, private use, separators of lines.
 */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}]/gu

/** Marks that are stacked on one letter cover the lines around it; three are enough for any script. */
const STACKED_MARKS = /(\p{M}{3})\p{M}+/gu

/** GitHub's runner takes this for a command wherever it stands in a line, and `::` where one begins. */
const RUNNER_COMMAND = /##(?=\[)/g
const RUNNER_COMMAND_AT_START = /^(\s*:)(?=:)/

const SHOWN_CHARS = 300
const LINE_CHARS = 2000

const asCode = (character: string): string =>
  `\\u{${(character.codePointAt(0) as number).toString(16)}}`

function inert(text: string): string {
  return text
    .replace(HIDDEN, asCode)
    .replace(STACKED_MARKS, '$1')
    .replace(RUNNER_COMMAND, '## ')
    .replace(RUNNER_COMMAND_AT_START, '$1 ')
}

/** At most `maxChars` of a text, its beginning and `endChars` of its end. */
function cut(text: string, maxChars: number, endChars: number): string {
  if (text.length <= maxChars) return text
  const characters = [...text]
  if (characters.length <= maxChars) return text
  const end = endChars === 0 ? [] : characters.slice(-endChars)
  return [...characters.slice(0, maxChars - 1 - end.length), '…', ...end].join('')
}

/** What is read of a text that is shown: enough for its beginning and end, and no more. */
function bounded(text: string, maxChars: number): string {
  const most = maxChars * 8
  return text.length <= 2 * most ? text : `${text.slice(0, most)} … ${text.slice(-most)}`
}

/**
 * Text from outside (evidence, a path, a flag, a subject) as it may be shown: on one line, without
 * colours, with what is hidden as its code (`\u{202e}`), and cut to `maxChars`.
 */
export function shown(text: string, maxChars = SHOWN_CHARS): string {
  const plain = stripVTControlCharacters(bounded(text, maxChars)).replace(/\s+/g, ' ').trim()
  return cut(inert(plain), maxChars, 0)
}

/** The same of a path, of which the end tells more than the middle. */
export function shownPath(path: string, maxChars = SHOWN_CHARS): string {
  return cut(inert(bounded(path, maxChars)), maxChars, Math.floor(maxChars / 2))
}

/**
 * A line for people as it may be written to a terminal, whatever went into it: one line, nothing hidden,
 * cut in its middle. Its spaces stay.
 */
export function plainLine(line: string): string {
  return cut(
    inert(bounded(line, LINE_CHARS).replace(/[\n\r\t]+/g, ' ')),
    LINE_CHARS,
    LINE_CHARS / 2,
  )
}
