import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { KEPT_PROBLEMS, KEPT_RECORDINGS } from '../../harness/crash-states/recording-limits.ts'
import { MAX_ROUNDS } from '../../harness/plan/power-cut.ts'
import { MAX_RUNS, MAX_SHARDS } from '../shard.ts'
import {
  COMMAND_CHARS,
  DETAIL_CHARS,
  MAX_ITERATIONS,
  MAX_PROBLEMS,
  MAX_STATES,
  REASON_CHARS,
} from './limits.ts'

type Schema = Record<string, unknown>

const SCHEMAS = join(process.cwd(), 'schemas')
const FILES = readdirSync(SCHEMAS)

const schemaOf = (file: string): Schema => JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8'))

/** A schema and all that is in it, each with its path. */
function* within(schema: unknown, path = ''): Generator<[string, Schema]> {
  if (typeof schema !== 'object' || schema === null) return
  if (!Array.isArray(schema)) yield [path, schema as Schema]
  for (const [key, value] of Object.entries(schema)) yield* within(value, `${path}/${key}`)
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value)
const isRef = (schema: Schema): boolean => '$ref' in schema
/** One that only says which of the properties beside it must be there. */
const onlyRequires = ({ required, properties = {}, ...rest }: Schema): boolean =>
  required !== undefined &&
  Object.keys(rest).length === 0 &&
  Object.values(properties as object).every((each) => each === true)

/** What bounds a value of each type, and must be there. */
const BOUNDED: Record<string, (schema: Schema) => boolean> = {
  string: ({ maxLength }) => isWhole(maxLength),
  integer: ({ minimum, maximum }) => isWhole(minimum) && isWhole(maximum),
  array: ({ maxItems, items }) => isWhole(maxItems) && items !== undefined,
  object: ({ additionalProperties, maxProperties, propertyNames }) =>
    additionalProperties === false || (isWhole(maxProperties) && propertyNames !== undefined),
  boolean: () => true,
  null: () => true,
}

/** Whether a schema stands where a value is described, and not where there are names of properties or keywords. */
function describesValue(path: string): boolean {
  const [above = '', last = ''] = path.split('/').slice(-2)
  const isList = ['anyOf', 'oneOf', 'allOf'].includes(above)
  const isProperty = above === 'properties'
  return path === '' || isList || isProperty || (last === 'items' && above !== 'properties')
}

test.each(FILES)('every leaf of %s is bounded', (file) => {
  for (const [path, schema] of within(schemaOf(file))) {
    if (typeof schema.type === 'string') {
      expect(BOUNDED[schema.type]?.(schema), `${file}${path}`).toBe(true)
    } else if (describesValue(path)) {
      const bounded = ['const', 'enum', 'anyOf', 'oneOf'].some((key) => key in schema)
      expect(
        bounded || isRef(schema) || onlyRequires(schema),
        `${file}${path} has neither a type nor values`,
      ).toBe(true)
    }
  }
})

test.each(FILES)('every pattern of %s is anchored at both ends', (file) => {
  for (const [path, { pattern }] of within(schemaOf(file))) {
    if (typeof pattern === 'string') expect(pattern, `${file}${path}`).toMatch(/^\^.*\$$/)
  }
})

/** What a schema says at a path. */
function at(file: string, path: string): unknown {
  const keys = path.split('.')
  return keys.reduce<unknown>((value, key) => (value as Schema | undefined)?.[key], schemaOf(file))
}

const ITERATION = 'iteration.schema.json'
const RUN = 'run.schema.json'
const POWER_CUT = 'power-cut.schema.json'

test.each([
  [ITERATION, 'properties.iteration.maximum', MAX_ITERATIONS],
  [ITERATION, 'properties.workload.properties.stream.maximum', MAX_ITERATIONS],
  [ITERATION, 'properties.reason.anyOf.0.maxLength', DETAIL_CHARS],
  [ITERATION, 'properties.failures.items.properties.detail.maxLength', DETAIL_CHARS],
  [ITERATION, 'properties.replay.maxLength', COMMAND_CHARS],
  ['log-record.schema.json', 'properties.iteration.maximum', MAX_ITERATIONS],
  [
    'portability.schema.json',
    'properties.pairs.items.properties.reason.anyOf.0.maxLength',
    DETAIL_CHARS,
  ],
  [POWER_CUT, 'properties.rounds.maximum', MAX_ROUNDS],
  [POWER_CUT, 'properties.problems.maxItems', KEPT_PROBLEMS * MAX_SHARDS],
  [POWER_CUT, 'properties.recordings.maxItems', KEPT_RECORDINGS * MAX_SHARDS],
  [POWER_CUT, 'properties.recordings.items.properties.round.maximum', MAX_ROUNDS],
  [POWER_CUT, 'properties.problems.items.properties.notJudged.anyOf.0.maxLength', DETAIL_CHARS],
  [POWER_CUT, 'properties.problems.items.properties.replay.maxLength', COMMAND_CHARS],
  [RUN, 'properties.run.maximum', MAX_RUNS],
  [RUN, 'properties.iterations.anyOf.0.maximum', MAX_ITERATIONS],
  [RUN, 'properties.powerCut.properties.states.anyOf.0.maximum', MAX_STATES],
  [RUN, 'properties.shard.anyOf.0.properties.of.maximum', MAX_SHARDS],
  [RUN, 'properties.shards.maxItems', MAX_SHARDS],
  [RUN, 'properties.steps.items.oneOf.0.properties.reason.anyOf.0.maxLength', REASON_CHARS],
  ['gate.schema.json', 'properties.problems.maxItems', MAX_PROBLEMS],
])('%s %s is what the code that writes keeps to', (file, path, maximum) => {
  expect(at(file, path)).toBe(maximum)
})
