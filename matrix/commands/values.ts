import { InvalidArgumentError } from 'commander'
import { MAX_SEED } from '../../harness/plan/stream.ts'
import type { StateId } from '../../harness/power-cut/state.ts'
import { ARCHITECTURES } from '../cells.ts'
import { FILE_SYSTEM_NAMES } from '../choose-cells.ts'
import { MAX_SHARDS, type Shard } from '../shard.ts'

/** Parsers of what flags are given; each throws a sentence that says what would have been right. */

function wholeNumber(text: string, min: number, max: number, what: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max)) {
    throw new InvalidArgumentError(`${what} is a whole number from ${min} to ${max}.`)
  }
  return value
}

function namesOf(text: string, known: readonly string[], what: string): string[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))]
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`"${unknown}" is no ${what}; there are ${known.join(', ')}.`)
  }
  return names
}

export const seed = (text: string): number => wholeNumber(text, 0, MAX_SEED, 'A seed')

export const count =
  (what: string, max: number) =>
  (text: string): number =>
    wholeNumber(text, 1, max, what)

/** Architectures by name, or `all` of them. */
export const architectures = (text: string): string[] =>
  text === 'all' ? [...ARCHITECTURES] : namesOf(text, ARCHITECTURES, 'architecture')

export const fileSystems = (text: string): string[] =>
  namesOf(text, FILE_SYSTEM_NAMES, 'file system')

/** A shard such as `2/3`, counted from 1. */
export function shard(text: string): Shard {
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (index === undefined || of === undefined || index < 1 || index > of || of > MAX_SHARDS) {
    throw new InvalidArgumentError(
      `A shard is I/N, the I-th of N, such as 1/2; N is at most ${MAX_SHARDS}.`,
    )
  }
  return { index, of }
}

/** One of the names of a flag. */
export const oneOf =
  <T extends string>(known: readonly T[], what: string) =>
  (text: string): T => {
    const [name] = namesOf(text, known, what)
    return name as T
  }

/** Which state of a run, such as `1.42`. */
export function stateId(text: string): StateId {
  const [, round, number] = (/^([1-9]\d*)\.([1-9]\d*)$/.exec(text) ?? []).map(Number)
  if (round === undefined || number === undefined) {
    throw new InvalidArgumentError('A state is ROUND.NUMBER, both counted from 1, such as 1.42.')
  }
  return { round, number }
}

/** A commit: 40 hexadecimal digits. */
export function commit(text: string): string {
  if (!/^[0-9a-f]{40}$/.test(text)) {
    throw new InvalidArgumentError('A commit is 40 hexadecimal digits (git rev-parse HEAD).')
  }
  return text
}

/** An http or https address, such as that of a mirror. */
export function url(text: string): string {
  if (!/^https?:\/\/[^\s"]+$/.test(text)) {
    throw new InvalidArgumentError('It is an address such as http://deb.debian.org/debian.')
  }
  return text
}

/** A number of hours above 0, which may have decimals. */
export function hours(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!(value > 0)) throw new InvalidArgumentError('It is a number of hours above 0.')
  return value
}
