import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, addFormats, type ErrorObject, type ValidateFunction } from '../bundled/schemas.ts'
import { packageRoot } from '../package-root.ts'
import { didYouMean } from './closest.ts'

/** More than that is not one mistake after another, but another kind of file. */
const MAX_PROBLEMS = 20
const SHOWN_CHARS = 80
const OUR_SCHEMA = /^https:\/\/pullplug\.dev\/schemas\/subject\/[^/]*$/

interface SubjectSchema {
  $id: string
  properties: Record<string, { description?: string }>
}

let known: { schema: SubjectSchema; validate: ValidateFunction } | undefined

/** The schema of a description, and a validator that tells all that is wrong and not only the first of it. */
function load(): { schema: SubjectSchema; validate: ValidateFunction } {
  if (known !== undefined) return known
  const path = join(packageRoot, 'schemas', 'subject.schema.json')
  const schema = JSON.parse(readFileSync(path, 'utf8')) as SubjectSchema
  const ajv = new Ajv2020({ strict: true, allErrors: true, verbose: true })
  addFormats.default(ajv)
  known = { schema, validate: ajv.compile(schema) }
  return known
}

function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text
}

/** Such as `"promises.kill"`. */
function fieldOf(instancePath: string, name?: string): string {
  const names = instancePath.split('/').slice(1)
  return shown([...names, ...(name === undefined ? [] : [name])].join('.'))
}

const TYPES: Record<string, string> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
}

function wrongType(error: ErrorObject): string {
  const field = fieldOf(error.instancePath)
  const { data, params } = error
  const type = TYPES[params.type] ?? `a ${params.type}`
  // A command is often written as it is typed.
  const words = typeof data === 'string' && params.type === 'array' ? data.trim().split(/\s+/) : []
  const example = words.length === 0 ? '' : ` such as ${shown(words)}`
  return `${field} must be ${type}${example}, and it is ${shown(data)}`
}

/** The nearest text that would be a name. */
export function asName(text: string): string {
  const name = text.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return name.replace(/^-+|-+$/g, '')
}

function wrongPattern({ instancePath, propertyName, data }: ErrorObject): string {
  if (propertyName !== undefined) {
    return `${fieldOf(instancePath, propertyName)} is no name of a variable`
  }
  if (instancePath !== '/name') return `${fieldOf(instancePath)} holds a NUL character`
  const name = asName(String(data))
  const example = name === '' ? '' : `; for example ${shown(name)}`
  return `${fieldOf(instancePath)} is ${shown(data)}, and holds only lower-case letters, digits and hyphens${example}`
}

/** A sentence as a part of another one. */
function asPart(sentence: string): string {
  return `${sentence[0]?.toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`
}

/** One error of the validator as a sentence; null where another one says it better. */
function inWords(error: ErrorObject): string | null {
  const { keyword, params, instancePath, data, propertyName } = error
  const field = fieldOf(instancePath)
  switch (keyword) {
    case 'oneOf':
    case 'propertyNames':
      return null
    case 'additionalProperties': {
      const others = Object.keys((error.parentSchema as SubjectSchema).properties)
      const extra = params.additionalProperty as string
      return `${fieldOf(instancePath, extra)} is no field${didYouMean(extra, others)}`
    }
    case 'required': {
      const missing = params.missingProperty as string
      const { properties } = error.parentSchema as SubjectSchema
      const what = properties[missing]?.description
      const more = what === undefined ? '' : `: ${asPart(what)}`
      return `${fieldOf(instancePath, missing)} is missing${more}`
    }
    case 'enum': {
      const allowed = params.allowedValues as string[]
      const meant = typeof data === 'string' ? didYouMean(data, allowed) : ''
      return `${field} is ${shown(data)}, and must be one of ${allowed.join(', ')}${meant}`
    }
    case 'type':
      return wrongType(error)
    case 'pattern':
      return wrongPattern(error)
    case 'minLength':
    case 'minItems':
      return `${field} must not be empty`
    case 'format':
      return `${field} is ${shown(data)}, and must be an address such as https://example.org/docs`
    default: {
      const what = propertyName === undefined ? field : fieldOf(instancePath, propertyName)
      const value = typeof data === 'number' ? ` is ${data}, and` : ''
      return `${what}${value} ${error.message?.replace('NOT', 'not')}`
    }
  }
}

/** A subject is run in one way, and a schema's `oneOf` says that in no sentence. */
function problemWithRun(value: object): string[] {
  const [hasModule, hasCommand] = ['module' in value, 'command' in value]
  if (hasModule && hasCommand) {
    return ['it has both "module" and "command", and must have the one by which it is run']
  }
  if (hasModule || hasCommand) return []
  return [
    'it has neither "module", a JavaScript module that exports open(directory), nor "command", a program and its arguments',
  ]
}

/** Arguments may be empty, and a program may not. */
function problemsWithPrograms(value: object): string[] {
  return Object.entries(value).flatMap(([field, command]) =>
    Array.isArray(command) && command[0] === ''
      ? [`${shown(field)} must begin with a program`]
      : [],
  )
}

/** All that is wrong with a value as a description, a sentence each; none when nothing is. */
export function descriptionProblems(value: unknown): string[] {
  const { schema, validate } = load()
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [`it must be an object such as {"name": …}, and it is ${shown(value)}`]
  }
  const claimed = (value as { $schema?: unknown }).$schema
  if (typeof claimed === 'string' && OUR_SCHEMA.test(claimed) && claimed !== schema.$id) {
    return [`it is of the schema ${shown(claimed)}, and only ${schema.$id} is known here`]
  }
  const errors = validate(value) ? [] : (validate.errors ?? [])
  const sentences = errors
    .filter(({ schemaPath }) => !schemaPath.startsWith('#/oneOf'))
    .map(inWords)
    .filter((each) => each !== null)
  const problems = [...sentences, ...problemWithRun(value), ...problemsWithPrograms(value)]
  return [...new Set(problems)].slice(0, MAX_PROBLEMS)
}
