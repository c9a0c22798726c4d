import { isDeepStrictEqual } from 'node:util'
import type { RunRecord, StepRecord } from '../evidence/types.ts'
import type { StepOutcome } from './row.ts'
import { FROM_THE_WORST } from './worst.ts'

/** Of a merged run, a step says of which of its shards it is; the reason without that. */
export function withoutShard(reason: string | null, { shards }: RunRecord): string | null {
  const [, index, of] = /^shard (\d{1,4})\/(\d{1,4}): /.exec(reason ?? '') ?? []
  if (reason === null || Number(of) !== shards.length) return reason
  if (Number(index) < 1 || Number(index) > shards.length) return reason
  return reason.slice(reason.indexOf(': ') + 2)
}

const inWords = (count: unknown): string =>
  typeof count === 'object' ? JSON.stringify(count) : String(count)

const isWorse = (one: StepRecord, other: StepOutcome): boolean =>
  FROM_THE_WORST.indexOf(one.verdict) < FROM_THE_WORST.indexOf(other.verdict)

/**
 * What of a step is not what its parts come to. A step that could not be made (`unmade`) says why; one of
 * a merged run may be worse than its parts, where a shard's was.
 */
export function concludedProblem(
  step: StepRecord,
  concluded: StepOutcome,
  run: RunRecord,
  unmade = false,
): string | null {
  const { durationMs: _, verdict, reason, ...counts } = step
  const { verdict: due, reason: why, ...dueCounts } = concluded
  const odd = Object.keys(dueCounts).find(
    (each) =>
      !isDeepStrictEqual(
        counts[each as keyof typeof counts],
        dueCounts[each as keyof typeof counts],
      ),
  ) as keyof typeof counts | undefined
  if (odd !== undefined) {
    const [told, have] = [counts[odd], dueCounts[odd]].map(inWords)
    return `run.json counts ${told} ${odd} in the ${step.name} step, and its parts have ${have}`
  }
  if (unmade && verdict === 'inconclusive') return null
  if (verdict !== due) {
    const shardWasWorse = run.shards.length > 0 && isWorse(step, concluded)
    return shardWasWorse
      ? null
      : `the ${step.name} step says ${verdict}, and its parts come to ${due}: ${why ?? 'nothing against it'}`
  }
  return withoutShard(reason, run) === why || reason === why || run.shards.length > 0
    ? null
    : `the ${step.name} step gives another reason than its parts come to`
}
