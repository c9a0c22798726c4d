import type { OperationLane } from '../observed/lane.ts'
import { type Looked, lookAgain } from '../observed/look-again.ts'
import { Snapshot } from '../observed/snapshot.ts'
import type { Finding } from '../oracle/finding.ts'
import { judgeAfterError, type StruckHistory } from '../oracle/judge-after-error.ts'
import { judgeRecovery, type SeenRecovery } from '../oracle/judge-recovery.ts'
import type { JudgedCase } from '../oracle/judged-case.ts'
import type { SubjectPromise } from '../oracle/promises/index.ts'
import type { SentChange, SubjectKind } from '../subject/change.ts'
import type { DescribedSubject } from '../subject/description.ts'
import type { Talker } from '../subject/see-recovery.ts'
import { ackedOf } from './case-result.ts'
import { GONE, isGone } from './look-in.ts'
import type { PlayedOn } from './play-on.ts'

/** Where a case is made: a lane, and the processes whose operations meet the error. */
export interface ErrorScene {
  subject: DescribedSubject
  lane: OperationLane
  writer: Talker
  /** Whether what is wrong is looked at again: by new processes, on a copy. */
  looksAgain: boolean
  /**
   * Whether a change that was acknowledged is also looked at as if the power had failed right behind it: the one that met the
   * error, or without one each.
   */
  cutsPower: boolean
  /** Is called with the directory before it is looked at. */
  onLook?: ((directory: string) => void) | undefined
}

/** What a look, and those that confirmed it, came to. */
export type LookedAt = Omit<JudgedCase, 'delivered'>

/** What a look is at: the history until then, where the error struck it, and what must have survived. */
export interface Looking {
  history: readonly SentChange[]
  struck: StruckHistory | null
  promise: SubjectPromise
  /** Whether a second opening and one more change are looked at, too. */
  inFull: boolean
}

/** Judges what was seen; without an error no failure is one that it made. */
function judge(
  kind: SubjectKind,
  { history, struck, promise }: Omit<Looking, 'inFull'>,
  seen: SeenRecovery,
): Finding {
  return struck === null
    ? judgeRecovery(kind, promise, history, seen)
    : judgeAfterError(kind, promise, history, struck, seen)
}

/** Looks at what is in the directory now, and again where that is asked for. */
export async function lookAt(
  { subject, lane, looksAgain, onLook = () => {} }: ErrorScene,
  { history, struck, promise, inFull }: Looking,
): Promise<LookedAt> {
  const { kind } = subject.description
  const pass: LookedAt = {
    sent: history.length,
    acked: ackedOf(history),
    recovered: null,
    verdict: 'pass',
    failures: [],
    reason: null,
    confirmation: null,
  }
  if (isGone(lane.backing)) {
    const confirmation = { agreed: true, durationMs: 0 }
    return { ...pass, verdict: 'fail', failures: [GONE], confirmation }
  }
  const look = async (talker: Talker): Promise<Looked> => {
    const seen = await lane.see(talker, { inFull })
    return { seen, ...judge(kind, { history, struck, promise }, seen) }
  }
  onLook(lane.backing)
  const left = looksAgain ? Snapshot.take(lane.backing) : null
  const first = await look(lane.talker)
  lane.assertServing()
  const { changes: recovered, failures } = first
  if (failures.length === 0) return { ...pass, recovered }
  const again = left === null ? null : await lookAgain(lane, left, first, look)
  return { ...pass, recovered, verdict: 'fail', failures, ...again }
}

/** What is wrong with what the living process read; null where nothing is. It is looked at again by making it again. */
export function judgeReading(
  { subject }: ErrorScene,
  { contents, sent }: PlayedOn['readings'][number],
  { history, struck, promise }: Omit<Looking, 'inFull'>,
): LookedAt | null {
  const { kind } = subject.description
  const until = history.slice(0, sent)
  const seen = { first: { contents }, destroyedByRefusal: [] }
  const { changes, failures } = judge(kind, { history: until, struck, promise }, seen)
  if (failures.length === 0) return null
  return {
    sent,
    acked: ackedOf(until),
    recovered: changes,
    verdict: 'fail',
    failures: failures.map(({ name, detail }) => ({
      name,
      detail: `as the living process reads it: ${detail}`,
    })),
    reason: null,
    confirmation: null,
  }
}
