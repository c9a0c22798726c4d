import { lstatSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Looked } from '../observed/look-again.ts'
import type { Failure } from '../oracle/failure.ts'
import { judgeAfterError } from '../oracle/judge-after-error.ts'
import type { SubjectPromise } from '../oracle/promises/index.ts'
import { assertUsable } from '../subject/assert-usable.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { seeRecovery, type Talker } from '../subject/see-recovery.ts'
import { type LeftBehind, placeOf } from './real-case.ts'

/** The subject's directory, once an error is over, and who looks at it. */
export interface LookOptions {
  subject: DescribedSubject
  promise: SubjectPromise
  played: LeftBehind
  directory: string
  /** As the subject's processes find it; as this one does unless given. */
  directoryInside?: string
  talker: Talker
  /** Whether to make another change as well; it is made unless given. */
  inFull?: boolean
}

export const GONE: Failure = { name: 'destroyed', detail: 'its directory is gone' }

/** Whether a directory is no more there. Throws what the system answers in place of that: `existsSync` would take it for a yes. */
export const isGone = (directory: string): boolean =>
  lstatSync(directory, { throwIfNoEntry: false }) === undefined

/**
 * Has a subject recover what a history left that met an error, and judges it by the oracle. Throws
 * `CannotJudge` where the volume is of no use, what reading the directory throws, and as `seeRecovery`.
 */
export async function lookIn(options: LookOptions): Promise<Looked> {
  const { subject, promise, played, directory, directoryInside, talker, inFull = true } = options
  if (isGone(directory)) {
    const seen = { first: { refused: GONE.detail }, destroyedByRefusal: [] }
    return { seen, changes: null, failures: [GONE] }
  }
  const seen = await seeRecovery({
    subject,
    directory,
    ...(directoryInside === undefined ? {} : { directoryInside }),
    talk: () => talker.talk(),
    inFull,
  })
  const { kind } = subject.description
  const finding = judgeAfterError(kind, promise, played.history, placeOf(played), seen)
  if (finding.failures.length > 0) assertUsable(dirname(directory))
  return { seen, ...finding }
}
