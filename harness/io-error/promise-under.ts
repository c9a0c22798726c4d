import { PROMISES, type SubjectPromise } from '../oracle/promises/index.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { promiseFor } from '../subject/promise.ts'
import type { IoErrorRow } from './errors/row.ts'

/** The weaker of two promises: what is lost with what was not synced is lost as at a power cut. */
export function weaker(one: SubjectPromise, other: SubjectPromise): SubjectPromise {
  const names = Object.keys(PROMISES)
  return names.indexOf(one) > names.indexOf(other) ? one : other
}

/** What a subject promises under an error; null for no error at all. */
export function promiseUnder(
  { promises }: Pick<DescribedSubject['description'], 'promises'>,
  error: Pick<IoErrorRow, 'promised' | 'losesUnsynced'> | null,
): SubjectPromise {
  if (error === null) return promiseFor(promises, 'io-error')
  const { promised, losesUnsynced } = error
  const promise = promiseFor(promises, promised)
  return losesUnsynced ? weaker(promise, promiseFor(promises, 'power-cut')) : promise
}
