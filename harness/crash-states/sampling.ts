import type { StateId } from './state.ts'

const FULL_EVERY = 32

/** Whether a state is held against the oracle in full: one in 32 is, which takes five times as long. */
export function isInFull({ number }: StateId): boolean {
  return number % FULL_EVERY === 1
}

/** Every so manieth is also read without the kernel, up to so many. */
const COMPARE_EVERY = 60
const MAX_COMPARED = 8

/** Whether a state of a campaign's first round is also read without the kernel, where that can be done. */
export function isCompared({ number }: StateId): boolean {
  return number % COMPARE_EVERY === 1 && number < COMPARE_EVERY * MAX_COMPARED
}

/** The `at`-th round (counted from 0) of a share: the rounds are dealt out in turn. */
export function roundOfShare({ index, of }: { index: number; of: number }, at: number): number {
  return index + of * at
}

/**
 * After how many states without a new content of the subject's directory a recording is left for another one: most
 * of its states are alike where it counts.
 */
export const PATIENCE_STATES = 16
