import type { Change, Contents, SubjectKind } from './change.ts'

/** What `read` must return after these changes, of which each was made. */
export function stateAfter(kind: SubjectKind, changes: readonly Change[]): Contents {
  const entries: string[] = []
  const pairs = new Map<string, string>()
  let content: string | null = null
  for (const change of changes) {
    if (change.do === 'append') entries.push(change.entry)
    else if (change.do === 'put') pairs.set(change.key, change.value)
    else if (change.do === 'delete') pairs.delete(change.key)
    else content = change.content
  }
  if (kind === 'log') return { entries }
  return kind === 'store' ? { pairs: [...pairs] } : { content }
}

/** What `read` must return after one more change. */
export function stateWith(kind: SubjectKind, contents: Contents, change: Change): Contents {
  return stateAfter(kind, [...changesThatMake(contents), change])
}

/** The shortest history whose state this is. */
function changesThatMake(contents: Contents): Change[] {
  if ('entries' in contents) return contents.entries.map((entry) => ({ do: 'append', entry }))
  if ('pairs' in contents) return contents.pairs.map(([key, value]) => ({ do: 'put', key, value }))
  return contents.content === null ? [] : [{ do: 'replace', content: contents.content }]
}

/** The texts of contents in an order of their own, for pairs come in any. */
function textsOf(contents: Contents): readonly (string | null)[] {
  if ('entries' in contents) return contents.entries
  if ('content' in contents) return [contents.content]
  return contents.pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).flat()
}

/** Whether two contents of one kind are the same. */
export function sameContents(a: Contents, b: Contents): boolean {
  const [one, other] = [textsOf(a), textsOf(b)]
  return one.length === other.length && one.every((text, at) => text === other[at])
}

/** Contents in words, such as `7 entries`. */
export function contentsInWords(contents: Contents): string {
  const counted = (count: number, one: string, many: string): string =>
    count === 1 ? `1 ${one}` : `${count} ${many}`
  if ('entries' in contents) return counted(contents.entries.length, 'entry', 'entries')
  if ('pairs' in contents) return counted(contents.pairs.length, 'pair', 'pairs')
  return contents.content === null
    ? 'no content'
    : `a content of ${counted(contents.content.length, 'character', 'characters')}`
}

/** Where two contents first differ, in words; both are of one kind. */
export function differenceInWords(expected: Contents, seen: Contents): string {
  if ('entries' in expected && 'entries' in seen) {
    const at = expected.entries.findIndex((entry, i) => seen.entries[i] !== entry)
    const place = at < 0 ? expected.entries.length + 1 : at + 1
    return `${contentsInWords(seen)} in place of ${expected.entries.length}, the first difference at entry ${place}`
  }
  if ('pairs' in expected && 'pairs' in seen) {
    const values = new Map(seen.pairs)
    const wanted = new Map(expected.pairs)
    const keys = [...new Set([...wanted.keys(), ...values.keys()])]
    const key = keys.find((each) => wanted.get(each) !== values.get(each))
    if (key === undefined) return `${contentsInWords(seen)}, of which some stand twice`
    return `${contentsInWords(seen)} in place of ${expected.pairs.length}, the first difference at key ${JSON.stringify(key.slice(0, 60))}`
  }
  return `${contentsInWords(seen)} in place of ${contentsInWords(expected)}`
}
