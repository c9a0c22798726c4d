import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { MachineError } from '../../harness/process/machine-error.ts'
import type { DescribedSubject, Description } from '../../harness/subject/description.ts'
import { environmentOf } from '../../harness/subject/speak.ts'
import { pagePath } from '../package-root.ts'
import { BadInput } from './bad-input.ts'
import { descriptionProblems } from './description-problems.ts'
import { problemWithFile, problemWithProgram } from './find-program.ts'
import { jsonProblem } from './json-problem.ts'

/** The name of the file that describes a subject. */
export const DESCRIPTION_FILE = 'pullplug.json'
const MAX_BYTES = 1024 * 1024
const FIELDS = `${pagePath('subjects.md')} has the fields, and \`pullplug init\` writes one.`

/** How a path is shown: as it would be typed here. */
export function typed(path: string): string {
  const from = relative(process.cwd(), path)
  return from === '' ? '.' : from.startsWith('..') ? path : from
}

function missing(message: string, remedy: string): MachineError {
  return new MachineError('MISSING', message, remedy)
}

/** The file that a path names: itself, or the description in the folder that it is. Throws a `MachineError`. */
function fileAt(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) {
    throw missing(
      `${typed(path)} is not there`,
      'Run `pullplug init` where the program is, or give the path of a description or its folder.',
    )
  }
  if (!stats.isDirectory()) return path
  const file = join(path, DESCRIPTION_FILE)
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return file
  const where = path === process.cwd() ? 'this folder' : typed(path)
  const command = path === process.cwd() ? 'pullplug init' : `pullplug init ${typed(path)}`
  throw missing(
    `there is no ${DESCRIPTION_FILE} in ${where}`,
    `Run \`${command}\`, or give the path of a description.`,
  )
}

/** The text of a file, of which nothing is believed. Throws `BadInput`, and what the file system throws. */
function readText(path: string): string {
  const bad = (what: string): BadInput => new BadInput(`${typed(path)} ${what}`, FIELDS)
  // One that is opened to be read must not wait for somebody who writes.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  try {
    if (!fstatSync(file).isFile()) throw bad('is not a plain file')
    const bytes = Buffer.alloc(MAX_BYTES + 1)
    let size = 0
    for (let got = -1; got !== 0 && size <= MAX_BYTES; size += got) {
      got = readSync(file, bytes, size, bytes.length - size, null)
    }
    if (size > MAX_BYTES) throw bad(`is too large: at most ${MAX_BYTES} bytes are read`)
    try {
      // A byte order mark at its beginning is passed over.
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, size))
    } catch {
      throw bad('is not UTF-8')
    }
  } finally {
    closeSync(file)
  }
}

function parse(path: string, text: string): Description {
  const name = typed(path)
  if (text.trim() === '') throw new BadInput(`${name} is empty`, FIELDS)
  const problem = jsonProblem(text)
  if (problem !== null) {
    const { line, column, what } = problem
    throw new BadInput(`${name} is not JSON: line ${line}, column ${column}: ${what}`, FIELDS)
  }
  const value: unknown = JSON.parse(text)
  const problems = descriptionProblems(value)
  if (problems.length === 0) return value as Description
  const [first = ''] = problems
  const message =
    problems.length === 1
      ? `${name}: ${first}`
      : `${name} has ${problems.length} mistakes:\n${problems.map((each) => `  ${each}`).join('\n')}`
  throw new BadInput(message, FIELDS)
}

const TYPESCRIPT = /\.[cm]?ts$/

/** Throws a `MachineError` unless what the description names can be run; `change` says what to do about a field. */
export function assertRunnable(
  { description, folder }: DescribedSubject,
  change: (field: string) => string,
): void {
  const assert = (field: string, problem: string | null): void => {
    if (problem === null) return
    const remedy = change(field)
    throw missing(`${field} of ${description.name}: ${problem}`, remedy)
  }
  if ('module' in description) {
    const { module } = description
    assert('module', problemWithFile(resolve(folder, module), module))
    const loads = !TYPESCRIPT.test(module) || Boolean(Reflect.get(process.features, 'typescript'))
    const { node } = process.versions
    assert('module', loads ? null : `Node ${node} loads no TypeScript: name the compiled file`)
  }
  const path = environmentOf(description).PATH ?? ''
  const commands = { command: undefined, ...description }
  for (const field of ['command', 'setup', 'tests'] as const) {
    const program = commands[field]?.[0]
    if (program !== undefined) assert(field, problemWithProgram(program, folder, path))
  }
}

/**
 * Reads the description of a subject: a file, or the `pullplug.json` of a folder. Nothing of the file is believed:
 * it is bounded, valid, and what it names is there. Throws `BadInput` where the file is not what it must be, and a
 * `MachineError` where there is none, or where what it names is missing.
 */
export function readDescription(path: string): DescribedSubject {
  const file = fileAt(resolve(path))
  let text: string
  try {
    text = readText(file)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new BadInput(`${typed(file)} cannot be read: ${message}`, FIELDS)
  }
  const subject = { description: parse(file, text), folder: dirname(file) }
  assertRunnable(subject, (field) => `Change "${field}" in ${typed(file)}, or bring what it names.`)
  return subject
}
