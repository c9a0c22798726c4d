import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { packageRoot } from '../package-root.ts'

/** The kinds of files that leave the program, each with a schema. */
export type Kind =
  | 'run'
  | 'iteration'
  | 'wal-verify'
  | 'portability'
  | 'power-cut'
  | 'gate'
  | 'statement'

const validators = new Map<Kind, ValidateFunction>()

function load(kind: Kind): Record<string, unknown> & { $id: string } {
  return JSON.parse(readFileSync(join(packageRoot, 'schemas', `${kind}.schema.json`), 'utf8'))
}

function validatorOf(kind: Kind): ValidateFunction {
  const known = validators.get(kind)
  if (known !== undefined) return known
  const ajv = new Ajv2020({ strict: true, discriminator: false })
  addFormats.default(ajv)
  const validator = ajv.compile(load(kind))
  validators.set(kind, validator)
  return validator
}

/** What is wrong with `value` as a file of that kind, in a sentence; null when nothing is. */
export function problemWith(kind: Kind, value: unknown): string | null {
  const { $id } = load(kind)
  const claimed = (value as { schema?: unknown } | null)?.schema
  if (typeof claimed === 'string' && claimed !== $id) {
    return `it is of the schema ${claimed}, and only ${$id} is known here`
  }
  const validate = validatorOf(kind)
  if (validate(value)) return null
  const [error] = validate.errors ?? []
  const where =
    error?.instancePath === '' ? 'it' : error?.instancePath.slice(1).replaceAll('/', '.')
  const extra = (error?.params as { additionalProperty?: string } | undefined)?.additionalProperty
  return `${where} ${error?.message}${extra === undefined ? '' : ` (${extra})`}`
}

/** Throws an `Error` unless `value` is a valid file of that kind. */
export function assertValid(kind: Kind, value: unknown): void {
  const problem = problemWith(kind, value)
  if (problem !== null) throw new Error(`a ${kind} file would not be valid: ${problem}`)
}
