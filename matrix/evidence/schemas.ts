import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { shown } from '../../harness/text/shown.ts'
import { packageRoot } from '../package-root.ts'

/** The kinds of files that leave the program, each with a schema. */
export type Kind =
  | 'run'
  | 'iteration'
  | 'log-record'
  | 'wal-verify'
  | 'portability'
  | 'power-cut'
  | 'power-cut-states'
  | 'io-error'
  | 'gate'
  | 'statement'
  | 'subject'
  | 'last-failures'
  | 'report'

/** A schema, ready to be held against. */
interface Known {
  id: string
  validate: ValidateFunction
}

const known = new Map<Kind, Known>()

function schemaOf(kind: Kind): Known {
  const before = known.get(kind)
  if (before !== undefined) return before
  const path = join(packageRoot, 'schemas', `${kind}.schema.json`)
  const schema = JSON.parse(readFileSync(path, 'utf8')) as { $id: string }
  const ajv = new Ajv2020({ strict: true, discriminator: false })
  addFormats.default(ajv)
  const made = { id: schema.$id, validate: ajv.compile(schema) }
  known.set(kind, made)
  return made
}

/** Keys and values of a file that is not valid can be anything. */
const KEY_CHARS = 80

/** What is wrong with `value` as a file of that kind, in a sentence; null when nothing is. */
export function problemWith(kind: Kind, value: unknown): string | null {
  const { id, validate } = schemaOf(kind)
  const claimed = (value as { schema?: unknown } | null)?.schema
  if (typeof claimed === 'string' && claimed !== id) {
    return `it is of the schema ${shown(claimed, KEY_CHARS)}, and only ${id} is known here`
  }
  if (validate(value)) return null
  const [error] = validate.errors ?? []
  const path = error?.instancePath.slice(1).replaceAll('/', '.') ?? ''
  const where = path === '' ? 'it' : shown(path, KEY_CHARS)
  const extra = (error?.params as { additionalProperty?: string } | undefined)?.additionalProperty
  const more = extra === undefined ? '' : ` (${shown(extra, KEY_CHARS)})`
  return `${where} ${error?.message}${more}`
}

/** Throws an `Error` unless `value` is a valid file of that kind. */
export function assertValid(kind: Kind, value: unknown): void {
  const problem = problemWith(kind, value)
  if (problem !== null) throw new Error(`a ${kind} file would not be valid: ${problem}`)
}
