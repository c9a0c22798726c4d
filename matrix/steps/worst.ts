import { sumOfConfirmations } from '../../harness/oracle/second-look.ts'
import { recordedReason } from '../evidence/recorded.ts'
import type { StepRecord, Verdict } from '../evidence/types.ts'

/** The verdicts, the worst first. */
export const FROM_THE_WORST: readonly Verdict[] = ['fail', 'inconclusive', 'skipped', 'pass']

/** The first of those with the worst verdict. */
export function worstOf<T extends { verdict: Verdict }>(all: readonly T[]): T {
  for (const verdict of FROM_THE_WORST) {
    const found = all.find((each) => each.verdict === verdict)
    if (found !== undefined) return found
  }
  throw new Error('there is none to choose from')
}

/** The worst of the shards' steps, which says of which shard it is unless all fared alike. */
export function worstStep<S extends StepRecord>(steps: readonly S[]): S {
  const worst = worstOf(steps)
  const durationMs = steps.reduce((sum, step) => sum + step.durationMs, 0)
  const confirmations = sumOfConfirmations(steps.map((step) => step.confirmations))
  const alike = steps.every(({ verdict }) => verdict === worst.verdict)
  const shard = `shard ${steps.indexOf(worst) + 1}/${steps.length}`
  const reason = alike ? worst.reason : `${shard}: ${worst.reason}`
  return { ...worst, reason: recordedReason(reason), durationMs, confirmations }
}
