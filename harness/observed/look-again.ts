import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { Failure } from '../oracle/failure.ts'
import type { Finding } from '../oracle/finding.ts'
import type { SeenRecovery } from '../oracle/judge-recovery.ts'
import { type Confirmation, judgeLooks, type Look } from '../oracle/second-look.ts'
import type { Talker } from '../subject/see-recovery.ts'
import type { Snapshot } from './snapshot.ts'

/** What a look at a directory found, and what it saw. */
export interface Looked extends Finding {
  seen: SeenRecovery
}

/** A directory of the subject's at one place, such as an `OperationLane` has. */
export interface LookedPlace {
  /** Where it stands, for this process. */
  readonly backing: string
  /** The processes that have looked at it. */
  readonly talker: Talker
  /** Other processes than those. */
  newTalker(): Talker
  /** Removes it. */
  vacate(): void
  /** Throws a `MachineError` where what was seen there says nothing. */
  assertServing(): void
}

/** What holds of a failure once it has been looked at again. */
export interface LookedAgain {
  verdict: 'fail' | 'inconclusive'
  failures: Failure[]
  /** Why there is no verdict; null where there is one. */
  reason: string | null
  confirmation: Confirmation
}

/** A look as it is held against another. */
export function toldBy(by: string, { seen: { first }, failures }: Looked): Look {
  const gone = 'refused' in first && first.gone === true
  return { by, failures, gone, notJudged: null }
}

/** Why the directory can't be looked at again, in a sentence; null where it was restored. */
export async function restoredProblem(left: Snapshot, directory: string): Promise<string | null> {
  try {
    await left.restore(directory)
    return null
  } catch (error) {
    if (!(error instanceof CannotJudge)) throw error
    return error.message
  }
}

/**
 * What holds of the failures of a first look: new processes look at a copy of what it looked at, at the same path.
 * Where the looks differ the verdict is `inconclusive`. Throws as `look` does, and a `MachineError`.
 */
export async function lookAgain(
  place: LookedPlace,
  left: Snapshot,
  first: Looked,
  look: (talker: Talker) => Promise<Looked>,
): Promise<LookedAgain> {
  const startedMs = performance.now()
  const talker = place.newTalker()
  const unsure = (reason: string, confirmation: Confirmation): LookedAgain => ({
    verdict: 'inconclusive',
    failures: [],
    reason,
    confirmation,
  })
  try {
    await place.talker.stop()
    place.vacate()
    const problem = await restoredProblem(left, place.backing)
    if (problem !== null) return unsure(problem, null)
    const second = await look(talker)
    place.assertServing()
    const looks = judgeLooks(toldBy('the first look', first), [
      toldBy('another process on a copy', second),
    ])
    const durationMs = Math.round(performance.now() - startedMs)
    return 'failures' in looks
      ? {
          verdict: 'fail',
          failures: looks.failures,
          reason: null,
          confirmation: { agreed: true, durationMs },
        }
      : unsure(looks.disagreement, { agreed: false, durationMs })
  } finally {
    await talker.stop()
  }
}
