import { sumOfConfirmations } from '../../harness/oracle/second-look.ts'
import { recordedReason } from '../evidence/recorded.ts'
import type {
  IterationRecord,
  PortabilityRecord,
  PowerCutRecord,
  StepRecord,
} from '../evidence/types.ts'
import { concludeKill } from '../steps/kill/conclude.ts'
import { mergeControls } from '../steps/merge-controls.ts'
import { differingDigest, mergePortability } from '../steps/portability/merge-record.ts'
import { concludePowerCut } from '../steps/power-cut/conclude.ts'
import { worstOf } from '../steps/worst.ts'

type Named<N extends StepRecord['name']> = Extract<StepRecord, { name: N }>

/** A step of every shard, in order. */
function stepOfEach<N extends StepRecord['name']>(all: StepRecord[][], name: N): Named<N>[] {
  return all.flat().filter((step): step is Named<N> => step.name === name)
}

/** The worst of the shards' steps, which says of which shard it is unless all fared alike. */
function worstStep<S extends StepRecord>(steps: S[]): S {
  const worst = worstOf(steps)
  const durationMs = steps.reduce((sum, step) => sum + step.durationMs, 0)
  const confirmations = sumOfConfirmations(steps.map((step) => step.confirmations))
  const alike = steps.every(({ verdict }) => verdict === worst.verdict)
  const shard = `shard ${steps.indexOf(worst) + 1}/${steps.length}`
  const reason = alike ? worst.reason : `${shard}: ${worst.reason}`
  return { ...worst, reason: recordedReason(reason), durationMs, confirmations }
}

/** The kill step over all iterations; one that could not be made in a shard keeps it from passing. */
function mergeKill(steps: Named<'kill'>[], iterations: IterationRecord[]): StepRecord {
  const worst = worstStep(steps)
  const concluded = concludeKill(iterations, mergeControls(steps.map(({ controls }) => controls)))
  const { durationMs } = worst
  const { verdict } = worstOf([concluded, worst])
  const tells = verdict === concluded.verdict && iterations.length > 0 ? concluded : worst
  return { ...concluded, verdict, reason: tells.reason, durationMs }
}

/** The same bytes are due in every shard: where they differ, the log or the plan is at fault. */
function mergePortabilityStep(
  steps: Named<'portability'>[],
  records: (PortabilityRecord | null)[],
): StepRecord {
  const worst = worstStep(steps)
  const pairs = mergePortability(records)?.pairs ?? []
  const counts = {
    pairs: pairs.length,
    passed: pairs.filter(({ verdict }) => verdict === 'pass').length,
    confirmations: sumOfConfirmations(pairs.map(({ confirmations }) => confirmations)),
  }
  const difference = differingDigest(records)
  return difference === null
    ? { ...worst, ...counts }
    : { ...worst, ...counts, verdict: 'fail', reason: difference }
}

/** The power cuts of all shards; where one could not be made or was skipped, that stands. */
function mergePowerCutStep(steps: Named<'power-cut'>[], record: PowerCutRecord | null): StepRecord {
  const worst = worstStep(steps)
  if (record === null) return worst
  const concluded = concludePowerCut(record)
  const { verdict } = worstOf([concluded, worst])
  const reason = verdict === concluded.verdict ? concluded.reason : worst.reason
  return { ...concluded, verdict, reason, durationMs: worst.durationMs }
}

/**
 * The steps of a run from those of its shards. The iterations were dealt out and are put together; every
 * other step is the same check made in each shard, and the worst stands.
 */
export function mergeSteps(
  all: StepRecord[][],
  iterations: IterationRecord[],
  portability: (PortabilityRecord | null)[],
  powerCut: PowerCutRecord | null,
): StepRecord[] {
  const names = (all[0] ?? []).map(({ name }) => name)
  return names.map((name) => {
    switch (name) {
      case 'kill':
        return mergeKill(stepOfEach(all, name), iterations)
      case 'portability':
        return mergePortabilityStep(stepOfEach(all, name), portability)
      case 'power-cut':
        return mergePowerCutStep(stepOfEach(all, name), powerCut)
      default:
        return worstStep(stepOfEach(all, name))
    }
  })
}
