import { isLossName } from '../../harness/crash-states/losses.ts'
import type { LossId, StateId } from '../../harness/crash-states/state.ts'
import { MAX_ROUNDS } from '../../harness/plan/power-cut.ts'
import { MAX_SEED } from '../../harness/plan/stream.ts'
import { ARCHITECTURES, FILE_SYSTEM_NAMES } from '../cells.ts'
import { MAX_SHARDS, type Shard } from '../shard.ts'
import { shown } from '../shown.ts'
import { choosing, type Parse } from './command.ts'
import { UsageError } from './usage-error.ts'

/** Parsers of what options are given; each throws a sentence that says what would have been right. */

function wholeNumber(text: string, min: number, max: number, what: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max)) {
    throw new UsageError(`${what} is a whole number from ${min} to ${max}`)
  }
  return value
}

/** Some of the names that are known, with commas. */
export function namesOf(text: string, known: readonly string[], what: string): string[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))]
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new UsageError(`${shown(unknown)} is no ${what}; there are ${known.join(', ')}`)
  }
  return names
}

export const seed = (text: string): number => wholeNumber(text, 0, MAX_SEED, 'A seed')

export const count =
  (what: string, max: number) =>
  (text: string): number =>
    wholeNumber(text, 1, max, what)

/** Architectures by name, or `all` of them. */
export const architectures = choosing([...ARCHITECTURES, 'all'], (text) =>
  text === 'all' ? [...ARCHITECTURES] : namesOf(text, ARCHITECTURES, 'architecture'),
)

export const fileSystems = choosing(FILE_SYSTEM_NAMES, (text) =>
  namesOf(text, FILE_SYSTEM_NAMES, 'file system'),
)

/** A shard such as `2/3`, counted from 1. */
export function shard(text: string): Shard {
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (index === undefined || of === undefined || index < 1 || index > of || of > MAX_SHARDS) {
    throw new UsageError(`A shard is I/N, the I-th of N, such as 1/2; N is at most ${MAX_SHARDS}`)
  }
  return { index, of }
}

/** One of some names, and no list of them. */
export const oneOf = <T extends string>(known: readonly T[], what: string): Parse<T> =>
  choosing(known, (text) => {
    const name = known.find((each) => each === text)
    if (name !== undefined) return name
    throw new UsageError(`${shown(text)} is no ${what}; there are ${known.join(', ')}`)
  })

/** Of a history all changes, or these alone; then what struck. */
const CASES = [
  /^[1-9]\d{0,8}$/,
  /^[1-9]\d{0,8}(:[1-9]\d{0,3}-[1-9]\d{0,3})?\.[1-9]\d{0,8}(a|b|w[1-9]\d{0,8})?$/,
  /^[1-9]\d{0,8}(:[1-9]\d{0,3}-[1-9]\d{0,3})?\.[1-9]\d{0,8}(-[A-Za-z]{1,12}){2,4}$/,
  /^[1-9]\d{0,8}(:[1-9]\d{0,3}-[1-9]\d{0,3})?\.c\d{1,9}(-l\d{1,9}(-\d{1,9}){0,40})?(-t(\d{1,9}x){2}\d{1,9})?$/,
  /^[1-9]\d{0,8}\.[a-z]{1,12}-\d{1,12}(-[a-z]{1,12}){0,3}$/,
]

/** A case of a tier: an iteration such as `7`, a state such as `2.14`, a kill or an error at an operation. */
export function caseName(text: string): string {
  if (CASES.some((pattern) => pattern.test(text))) return text
  throw new UsageError(
    'A case is a kill such as 1.12b (before operation 12 of history 1), 1.12w4096 or 1.12a, or an iteration such as 7, a state such as 2.14 or 2.c57-l55 (cut at 57, write 55 lost), or an error such as 1.12-EIO-reopens; 1:2-4 in the place of 1 is changes 2 to 4 of history 1 alone',
  )
}

/** The path of a file or a folder. */
export function path(text: string): string {
  if (text === '') throw new UsageError('it is empty, and names nothing')
  return text
}

/** Which state of a run, such as `1.42`, or `1.c57-l55`: by its place, or by its cut and its loss. */
export function stateId(text: string): StateId | LossId {
  const [, round = '', which = ''] = /^([1-9]\d{0,5})\.(.{1,400})$/.exec(text) ?? []
  const isNumber = /^[1-9]\d{0,9}$/.test(which)
  if ((!isNumber && !isLossName(which)) || Number(round) > MAX_ROUNDS) {
    throw new UsageError(
      `A state is ROUND.NUMBER, both counted from 1, such as 1.42, or ROUND.LOSS, such as 1.c57-l55; ROUND is at most ${MAX_ROUNDS}`,
    )
  }
  return isNumber
    ? { round: Number(round), number: Number(which) }
    : { round: Number(round), loss: which }
}

/** A commit: 40 hexadecimal digits. */
export function commit(text: string): string {
  if (!/^[0-9a-f]{40}$/.test(text)) {
    throw new UsageError('A commit is 40 hexadecimal digits (git rev-parse HEAD)')
  }
  return text
}

/** An http or https address, such as that of a mirror. */
export function url(text: string): string {
  if (!/^https?:\/\/[!#-~]{1,1000}$/.test(text)) {
    throw new UsageError(
      'It is an address such as http://deb.debian.org/debian, of at most 1000 characters',
    )
  }
  return text
}

const MAX_HOURS = 1_000_000

/** A number of hours above 0, which may have decimals. */
export function hours(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!(value > 0 && value <= MAX_HOURS)) {
    throw new UsageError(`It is a number of hours above 0, and at most ${MAX_HOURS}`)
  }
  return value
}
