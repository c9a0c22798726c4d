import type { RunRecord, StepRecord } from '../evidence/types.ts'

/**
 * What of a step that is made once a shard, and again where it fails, contradicts the looks that were taken; null
 * when nothing does: one that fails was confirmed, one that is inconclusive was not, and one that passes had none.
 */
export function looksProblem(
  { name, verdict, confirmations }: StepRecord,
  { shards }: RunRecord,
): string | null {
  const { taken, agreed } = confirmations
  const most = Math.max(shards.length, 1)
  const isDue =
    verdict === 'fail' ? agreed > 0 : verdict === 'inconclusive' ? agreed === 0 : taken === 0
  return isDue && agreed <= taken && taken <= most
    ? null
    : `the ${name} step took second looks that do not follow from its tests`
}
