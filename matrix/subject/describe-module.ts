import { basename, dirname, resolve } from 'node:path'
import type { SubjectKind } from '../../harness/subject/change.ts'
import type { DescribedSubject } from '../../harness/subject/description.ts'
import type { Promises } from '../../harness/subject/promise.ts'
import { asName } from './description-problems.ts'
import { assertRunnable, typed } from './read-description.ts'

const MAX_NAME_CHARS = 60

/** What is called a module, by the end of its name. */
export const isModule = (path: string): boolean => /\.[cm]?[jt]s$/.test(path)

/** How a subject is called that nobody named. */
function nameOf(path: string): string {
  const name = asName(basename(path).replace(/\.[^.]*$/, '')).slice(0, MAX_NAME_CHARS)
  return name.replace(/-$/, '') || 'subject'
}

/**
 * Describes a module by what is said of it beside its path: what a `pullplug.json` would say. Throws a `MachineError`
 * where it is missing, or this Node can't load it.
 */
export function describeModule(
  path: string,
  { kind, promises }: { kind: SubjectKind; promises: Promises },
): DescribedSubject {
  const file = resolve(path)
  const description = { name: nameOf(file), kind, module: `./${basename(file)}`, promises }
  const subject = { description, folder: dirname(file) }
  assertRunnable(subject, () => `Give the path of a module, in the place of ${typed(file)}.`)
  return subject
}
