const MAX_CHARS = 80

/** A content as a failure quotes it: its beginning, and its length where that is not all. */
export function brief(text: string): string {
  if (text.length <= MAX_CHARS) return JSON.stringify(text)
  return `${JSON.stringify(text.slice(0, MAX_CHARS - 20))}… (${text.length} characters)`
}
