/** The subject broke its promise, or its contract. The message is the story, with the line that shows it again. */
export class CrashTestError extends Error {
  override readonly name: string = 'CrashTestError'
  /** The line that shows it again, to be pasted into a shell in the working directory. */
  readonly replay: string
  /** What histories and faults were drawn from. */
  readonly seed: number | null

  /** @internal */
  constructor(message: string, { replay, seed }: { replay: string; seed: number | null }) {
    super(message)
    this.replay = replay
    this.seed = seed
  }
}

/**
 * It says nothing about the subject. `missing`: something needed is not there, and `remedy` is what to do about it.
 * `inconclusive`: a fault that must be caught was missed, or a case could not be judged. `broken`: the harness or the
 * machine failed.
 */
export type WhyNotMeasured = 'missing' | 'inconclusive' | 'broken'

/** It could not be measured whether the subject keeps its promise: neither a pass nor a failure. */
export class CannotMeasure extends Error {
  override readonly name: string = 'CannotMeasure'
  /** What stood in the way. */
  readonly why: WhyNotMeasured
  /** What to do about it, in a sentence; null where nobody knows. */
  readonly remedy: string | null

  /** @internal */
  constructor(message: string, { why, remedy }: { why: WhyNotMeasured; remedy: string | null }) {
    super(remedy === null ? message : `${message}\n  ${remedy}`)
    this.why = why
    this.remedy = remedy
  }
}
