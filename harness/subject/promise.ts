import type { SubjectPromise } from '../oracle/promises/index.ts'

/** The kinds of faults for which a promise is given. */
export const PROMISED_FAULTS = ['kill', 'power-cut', 'io-error', 'full-disk'] as const

export type PromisedFault = (typeof PROMISED_FAULTS)[number]

/** A promise for kills and for power cuts; for the other faults that of `kill` unless given. */
export type Promises = { kill: SubjectPromise; 'power-cut': SubjectPromise } & Partial<
  Record<PromisedFault, SubjectPromise>
>

/** The promise that a subject gives for a fault. */
export function promiseFor(promises: Promises, fault: PromisedFault): SubjectPromise {
  return promises[fault] ?? promises.kill
}
