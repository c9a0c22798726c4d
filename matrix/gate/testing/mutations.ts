/** A value that stands in a file, with its path, and another one in its place. */
export interface Mutation {
  /** Such as `steps.1.controls.0.iterations`. */
  path: string
  what: string
  /** The whole file's value, with that one change. */
  value: unknown
}

type Json = unknown

const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text)
const later = (text: string, bySeconds: number): string =>
  new Date(Date.parse(text) + bySeconds * 1000).toISOString()

/** Another last digit, hexadecimal or not, so that it stays a digest, a version, or a number in a text. */
const otherDigit = (text: string): string =>
  text.replace(/[0-9](?!.*[0-9])/, (digit) => (digit === '7' ? '8' : '7'))

/** Names of which a schema knows several, so that one can stand for another. */
const NAMES = ['refused', 'acked-lost', 'phantom', 'hole', 'altered']

function otherLeaves(value: Json): [string, Json][] {
  if (typeof value === 'number') {
    return [
      ['one more', value + 1],
      ['one less', value - 1],
    ]
  }
  if (typeof value === 'boolean') return [['the other', !value]]
  if (value === null) {
    return [
      ['a text', 'text'],
      ['a number', 1],
    ]
  }
  const text = String(value)
  if (isDate(text)) {
    return [
      ['a second later', later(text, 1)],
      ['a second earlier', later(text, -1)],
    ]
  }
  const others: [string, Json][] = [
    ['longer', `${text}x`],
    ['null', null],
  ]
  const name = NAMES[(NAMES.indexOf(text) + 1) % NAMES.length]
  if (NAMES.includes(text)) others.push(['another name', name])
  const digit = otherDigit(text)
  return digit === text ? others : [...others, ['another digit', digit]]
}

function otherLists(list: Json[]): [string, Json][] {
  if (list.length === 0) return [['one of its own', [1]]]
  const others: [string, Json][] = [
    ['without its first', list.slice(1)],
    ['without its last', list.slice(0, -1)],
    ['with its first twice', [list[0], ...list]],
  ]
  return list.length > 1 ? [...others, ['in reverse', list.toReversed()]] : others
}

/** Every value that differs from one in a single leaf, or in a single item of a single list. */
export function* mutationsOf(value: Json, path: string[] = []): Generator<Mutation> {
  const told = path.join('.')
  if (Array.isArray(value)) {
    for (const [what, other] of otherLists(value)) yield { path: told, what, value: other }
    for (const [at, item] of value.entries()) {
      for (const each of mutationsOf(item, [...path, String(at)])) {
        yield { ...each, value: value.with(at, each.value) }
      }
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      for (const each of mutationsOf(item, [...path, name])) {
        yield { ...each, value: { ...value, [name]: each.value } }
      }
    }
  } else {
    for (const [what, other] of otherLeaves(value)) yield { path: told, what, value: other }
  }
}
