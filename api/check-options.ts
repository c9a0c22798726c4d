import { inspect } from 'node:util'
import { MAX_SEED } from '../harness/plan/stream.ts'
import type { CrashTestOptions } from './options.ts'

const MAX_SECONDS = 86_400
const KINDS = ['log', 'store', 'file']
const GUARANTEES = ['durable', 'ordered', 'each', 'opens']
const FAULTS = ['kill', 'power-cut', 'io-error', 'full-disk']
const TIERS = ['kill', 'power-cut', 'io-error']
const FILE_SYSTEMS = ['ext4', 'xfs', 'btrfs', 'tmpdir']

/** How a value is shown in a sentence. */
function shown(value: unknown): string {
  return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 80 })
}

const listed = (names: readonly string[]): string => names.join(', ')

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is wrong with a value, in words behind the name of its option; null where nothing is. */
type Rule = (value: unknown) => string | null

const whole =
  (min: number, max: number): Rule =>
  (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? null
      : `must be a whole number from ${min} to ${max}`

const oneOf =
  (names: readonly string[]): Rule =>
  (value) =>
    names.includes(value as string) ? null : `must be one of ${listed(names)}`

const someOf =
  (names: readonly string[]): Rule =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every((each) => names.includes(each))
      ? null
      : `must be a list of some of ${listed(names)}`

const subject: Rule = (value) => {
  if (typeof value === 'string') return value === '' ? 'must name a file' : null
  const isFile = isObject(value) && typeof value.href === 'string' && /^file:\/\//.test(value.href)
  return isFile ? null : 'must be a path, or a URL that begins with file://'
}

const promise: Rule = (value) => {
  const names = listed(GUARANTEES)
  if (!isObject(value)) {
    return GUARANTEES.includes(value as string)
      ? null
      : `must be one of ${names}, or an object with one for each of kill and power-cut`
  }
  const given = Object.entries(value).filter(([, what]) => what !== undefined)
  const odd = given.find(
    ([name, what]) => !FAULTS.includes(name) || !GUARANTEES.includes(what as string),
  )
  if (odd !== undefined) return `must give ${listed(FAULTS)} one of ${names}`
  const isWhole = value.kill !== undefined && value['power-cut'] !== undefined
  return isWhole ? null : 'must say what holds after a kill and after a power-cut'
}

const signal: Rule = (value) =>
  isObject(value) &&
  typeof value.addEventListener === 'function' &&
  typeof value.aborted === 'boolean'
    ? null
    : 'must be an AbortSignal'

/** Each option, and what it must be. */
const RULES: Readonly<Record<string, Rule>> = {
  subject,
  kind: oneOf(KINDS),
  promise,
  seconds: whole(1, MAX_SECONDS),
  seed: whole(0, MAX_SEED),
  tiers: someOf(TIERS),
  mustRun: someOf(TIERS),
  fileSystems: someOf(FILE_SYSTEMS),
  signal,
}

/** What is wrong with options taken together, in a sentence; null where nothing is. */
function togetherProblem(given: Record<string, unknown>): string | null {
  const { kind, promise: promised, tiers = TIERS, mustRun = [] } = given
  if ((kind === undefined) !== (promised === undefined)) {
    const [there, missing] = kind === undefined ? ['promise', 'kind'] : ['kind', 'promise']
    return `crashTest: a module needs both kind and promise, and ${missing} is missing beside ${there}`
  }
  const missed = (mustRun as string[]).find((name) => !(tiers as string[]).includes(name))
  return missed === undefined ? null : `crashTest: mustRun names ${missed}, which tiers leaves out`
}

/** Throws a `TypeError`, a sentence, unless these are options as their type says, for whoever has no types. */
export function checkOptions(options: unknown): asserts options is CrashTestOptions {
  if (!isObject(options)) {
    throw new TypeError(`crashTest takes an object with a subject, and was given ${shown(options)}`)
  }
  if (options.subject === undefined) throw new TypeError('crashTest: subject is missing')
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined
    if (rule === undefined) {
      const all = listed(Object.keys(RULES))
      throw new TypeError(`crashTest has no option ${shown(name)}; there are ${all}`)
    }
    const problem = value === undefined ? null : rule(value)
    if (problem !== null) {
      throw new TypeError(`crashTest: ${name} ${problem}, and it is ${shown(value)}`)
    }
  }
  const problem = togetherProblem(options)
  if (problem !== null) throw new TypeError(problem)
}
