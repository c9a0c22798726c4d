/** What JSON lets stand as it is and a terminal acts on or hides; and the `[` of `##[`, a command to GitHub's runner. */
const HIDDEN =
  /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}]|(?<=##)\[/gu

const escaped = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')

/**
 * A value as JSON for programs, on one line unless it is indented, which is also safe to look at: the same
 * value, in printable characters.
 */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(HIDDEN, escaped)
}
