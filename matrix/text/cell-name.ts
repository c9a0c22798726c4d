const MAX_CHARS = 40

/** The name of a cell where it stands bare, as in a table or a title: nothing but letters, digits, `-` and `/`. */
export function cellName(text: string): string {
  return text.replace(/[^a-z0-9/-]/g, '?').slice(0, MAX_CHARS)
}
