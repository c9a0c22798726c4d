import { PROMISES, type SubjectPromise } from '../../harness/oracle/promises/index.ts'
import type { SubjectKind } from '../../harness/subject/change.ts'
import type { DescribedSubject } from '../../harness/subject/description.ts'
import {
  PROMISED_FAULTS,
  type PromisedFault,
  type Promises,
} from '../../harness/subject/promise.ts'
import { shown } from '../shown.ts'
import { describeModule, isModule } from '../subject/describe-module.ts'
import { readDescription } from '../subject/read-description.ts'
import { shellPath } from '../text/shell-word.ts'
import { value } from './command.ts'
import { UsageError } from './usage-error.ts'
import { oneOf } from './values.ts'

const KINDS: readonly SubjectKind[] = ['log', 'store', 'file']
const PROMISE_NAMES = Object.keys(PROMISES) as SubjectPromise[]

const promise = oneOf(PROMISE_NAMES, 'promise')
const fault = oneOf(PROMISED_FAULTS, 'fault that is promised of')

/** One promise for all, or one for each fault. Throws a `UsageError`. */
function promises(text: string): Promises {
  if (!text.includes('=')) {
    const one = promise(text)
    return { kill: one, 'power-cut': one }
  }
  const given: Partial<Record<PromisedFault, SubjectPromise>> = {}
  for (const part of text.split(',')) {
    const [name = '', what = ''] = part.split('=')
    given[fault(name)] = promise(what)
  }
  const { kill, 'power-cut': powerCut, ...rest } = given
  if (kill === undefined || powerCut === undefined) {
    throw new UsageError('A promise is needed for kill and for power-cut')
  }
  return { kill, 'power-cut': powerCut, ...rest }
}

/** Promises as they are given. */
function promisesInWords(given: Promises): string {
  const { kill } = given
  const isOne = PROMISED_FAULTS.every((name) => (given[name] ?? kill) === kill)
  if (isOne) return kill
  return Object.entries(given)
    .map(([name, what]) => `${name}=${what}`)
    .join(',')
}

/** How a module is described on the command line, by whoever has no description of it. */
export const SUBJECT_OPTIONS = {
  kind: value(oneOf(KINDS, 'kind'), 'of a module without a description: log, store or file'),
  promise: value(
    promises,
    'what the module promises: durable, ordered, each or opens; or such as kill=durable,power-cut=ordered',
  ),
} as const

export const SUBJECT_NOTE =
  '[subject] is a description, or the folder of one; ./pullplug.json unless given. With --kind and --promise it is a module that exports open(directory), and needs no description.'

/** A subject, and how it is given on a command line, in words for a shell. */
export interface GivenSubject {
  subject: DescribedSubject
  words: string
}

/** The subject that a command line names. Throws a `UsageError`, and as `readDescription` and `describeModule` do. */
export function givenSubject(
  path: string,
  { kind, promise }: { kind: SubjectKind | undefined; promise: Promises | undefined },
): GivenSubject {
  if (kind === undefined && promise === undefined) {
    if (isModule(path)) {
      throw new UsageError(
        `${shown(path)} is a module: add --kind and --promise, or name a description`,
      )
    }
    return { subject: readDescription(path), words: shellPath(path) }
  }
  if (kind === undefined || promise === undefined) {
    throw new UsageError('--kind and --promise belong together: they describe a module')
  }
  if (!isModule(path)) {
    throw new UsageError(
      `${shown(path)} is no JavaScript module, and its description says what --kind and --promise do`,
    )
  }
  const words = `${shellPath(path)} --kind ${kind} --promise ${promisesInWords(promise)}`
  return { subject: describeModule(path, { kind, promises: promise }), words }
}
