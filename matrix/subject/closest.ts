/** How many letters must be put in, taken out or replaced to make one word from another (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] as number) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] as number) + 1, (next[j] as number) + 1))
    }
    row = next
  }
  return row.at(-1) as number
}

/** The longest word that is compared. */
const MAX_CHARS = 60

/** The known word that was probably meant, as a question to go behind a sentence; empty where none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const shown = word.slice(0, MAX_CHARS).toLowerCase()
  const near = known
    .map((each) => ({ each, letters: distance(shown, each.toLowerCase()) }))
    .filter(({ each, letters }) => letters <= Math.max(1, Math.floor(each.length / 3)))
    .sort((a, b) => a.letters - b.letters)
  return near[0] === undefined ? '' : `; did you mean ${JSON.stringify(near[0].each)}?`
}
