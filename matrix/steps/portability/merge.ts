import { sumOfConfirmations } from '../../../harness/oracle/second-look.ts'
import type { PortabilityRecord, StepRecord } from '../../evidence/types.ts'
import { worstStep } from '../worst.ts'
import { differingDigest, mergePortability } from './merge-record.ts'

type Portability = Extract<StepRecord, { name: 'portability' }>

/** The same bytes are due in every shard: where they differ, the log or the plan is at fault. */
export function mergePortabilityStep(
  steps: readonly Portability[],
  records: readonly (PortabilityRecord | null)[],
): Portability {
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
