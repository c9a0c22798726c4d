/** What no shell expands, wherever it stands. */
const PLAIN = /^[A-Za-z0-9_./][A-Za-z0-9_.,/:@%+=-]*$/

/** What may stand between single quotes and is seen: letters, digits, punctuation, signs, spaces. */
const VISIBLE = /^(?:(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}\p{P}\p{S} ])*$/u

const UNSEEN = /[^A-Za-z0-9_.,/:@%+= -]/gu

const asBytes = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')

/**
 * A text as one word of a line that is pasted into a shell: as it is when no shell makes anything of it,
 * else in single quotes; what can't be seen there stands as its bytes in `$'…'`, which bash, zsh, ksh and
 * POSIX 2024 know.
 */
export function shellWord(text: string): string {
  if (PLAIN.test(text)) return text
  if (VISIBLE.test(text)) return `'${text.replaceAll("'", "'\\''")}'`
  return `$'${text.replace(UNSEEN, asBytes)}'`
}

/** The same of a path, which no command takes for a flag. */
export function shellPath(path: string): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path)
}

const decoded = (quoted: string): string =>
  Buffer.from(
    quoted.replace(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    ),
    'latin1',
  ).toString()

/** The text of a word as `shellWord` writes it; null of anything else. */
export function wordOf(word: string): string | null {
  const text = word.startsWith("$'")
    ? decoded(word.slice(2, -1))
    : word.startsWith("'")
      ? word.slice(1, -1).replaceAll("'\\''", "'")
      : word
  return shellWord(text) === word ? text : null
}
