/**
 * What a subject says that an acknowledgement is worth after a fault, from the strongest to the weakest:
 * `durable`: all that was acknowledged is there, and what was unknown is there whole or not at all;
 * `ordered`: what is there is the state after some first part of the history;
 * `each`: every entry, key or content is whole and one that it once had;
 * `opens`: it opens and can be read.
 */
export const PROMISES = ['durable', 'ordered', 'each', 'opens'] as const

export type SubjectPromise = (typeof PROMISES)[number]

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
