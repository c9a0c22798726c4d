import { relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isModule } from '../matrix/subject/describe-module.ts'
import { shellPath, shellWord } from '../matrix/text/shell-word.ts'
import type { Budget, CrashTestOptions, Guarantee, Promises } from './options.ts'

const DEFAULT_SECONDS = 20
/** Each failure is made small before it is told, for which a test has little time: so many are enough. */
const MAX_FAILURES = 5
/** What can't be done on it is done in a temporary folder. */
const USUAL_PLACE = ['--fs', 'ext4', '--or-tmpdir']

/** A file as it is named on a command line: from the working directory where it is below it. */
function pathOf(subject: CrashTestOptions['subject']): string {
  const path = resolve(typeof subject === 'string' ? subject : fileURLToPath(subject.href))
  const from = relative(process.cwd(), path)
  if (from === '') return '.'
  return from === '..' || from.startsWith(`..${sep}`) ? path : `./${from}`
}

function promiseArgument(promise: Guarantee | Promises): string {
  if (typeof promise === 'string') return promise
  return Object.entries(promise)
    .filter(([, guarantee]) => guarantee !== undefined)
    .map(([fault, guarantee]) => `${fault}=${guarantee}`)
    .join(',')
}

/**
 * What names the subject on a command line. Throws a `TypeError` where a module comes without its kind and promise, or
 * a description with them.
 */
export function subjectArguments(options: CrashTestOptions): string[] {
  const path = pathOf(options.subject)
  const { kind, promise } = options
  if (kind === undefined) {
    if (!isModule(path)) return [path]
    throw new TypeError(`crashTest: ${path} is a module, and needs kind and promise beside it`)
  }
  if (!isModule(path)) {
    throw new TypeError(
      `crashTest: ${path} is no JavaScript module; a description says its kind and promise itself`,
    )
  }
  return [path, '--kind', kind, '--promise', promiseArgument(promise)]
}

/** The arguments of `pullplug test` that mean a budget. */
export function budgetArguments({
  seconds = DEFAULT_SECONDS,
  seed,
  tiers,
  fileSystems,
}: Budget): string[] {
  return [
    ...['--seconds', String(seconds)],
    ...['--max-failures', String(MAX_FAILURES)],
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
    ...(tiers === undefined ? [] : ['--tier', tiers.join(',')]),
    ...(fileSystems === undefined ? USUAL_PLACE : ['--fs', fileSystems.join(',')]),
  ]
}

/** A command of pullplug as it is pasted into a shell. */
export function shellLine(command: string, [path = '', ...rest]: readonly string[]): string {
  return ['npx pullplug', command, shellPath(path), ...rest.map(shellWord)].join(' ')
}
