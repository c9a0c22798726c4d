import type { CountedOperation } from '../observed/counted-operation.ts'
import type { OperationLane } from '../observed/lane.ts'
import type { PlannedHistory } from '../plan/planned-history.ts'
import type { DescribedSubject } from '../subject/description.ts'
import type { Talker } from '../subject/see-recovery.ts'
import type { ErrorCaseResult } from './case-result.ts'
import { type PlannedError, playCase } from './error-case.ts'
import { makeSurely } from './make-surely.ts'

/** A lane, and the processes that play in it. */
export interface Player {
  /** Is called with the directory of a case before it is looked at. */
  onLook: ((directory: string) => void) | undefined
  lane: OperationLane
  writer: Talker
  /** Whether the writer is kept from one case to the next; not where that was seen to change a verdict. */
  isKept: boolean
  /** Whether what the program makes durable is seen: without an error, no power cut behind a change loses it. */
  cutsPower: boolean
}

/** A player in a lane. */
export function playerIn(
  subject: DescribedSubject,
  lane: OperationLane,
  onLook?: Player['onLook'],
): Player {
  const isKept = !(subject.description.fresh ?? false)
  return { lane, writer: lane.newWriter(), onLook, isKept, cutsPower: false }
}

/** A case, made so that its verdict can be told. Throws as `playCase`. */
export async function judgeCase(
  subject: DescribedSubject,
  player: Player,
  planned: PlannedHistory,
  given: PlannedError | null,
): Promise<ErrorCaseResult> {
  const once = async (isNew: boolean): Promise<ErrorCaseResult> => {
    if (isNew) {
      await player.writer.stop()
      await player.lane.talker.stop()
    }
    const result = await playCase({ subject, ...player, looksAgain: isNew }, planned, given)
    // Without an error there is none that could have met nothing.
    return given === null ? { ...result, delivered: true } : result
  }
  return await makeSurely(once, player)
}

/** The operations of a history, which must pass without any error; or why it doesn't, in a sentence. */
export async function countOrSay(
  subject: DescribedSubject,
  player: Player,
  planned: PlannedHistory,
): Promise<CountedOperation[] | string> {
  await player.writer.stop()
  const { operations, problem } = await player.lane.count(planned, { reads: true, sizes: true })
  if (problem !== null) return `without any error, ${problem}`
  if (operations.length === 0) return 'without any error, it makes no operation in its directory'
  // What is made durable by other calls than those that are seen, or not at all, says nothing behind an error either.
  player.cutsPower = true
  player.cutsPower = (await judgeCase(subject, player, planned, null)).verdict === 'pass'
  if (player.cutsPower) return operations
  const { verdict, failures, reason } = await judgeCase(subject, player, planned, null)
  if (verdict === 'pass') return operations
  const [failure] = failures
  const why = failure === undefined ? reason : `${failure.name}: ${failure.detail}`
  return `without any error it does not pass: ${why}`
}
