import { sumOfConfirmations } from '../../../harness/oracle/second-look.ts'
import type { PortabilityRecord } from '../../evidence/types.ts'
import { whyNothingProven } from '../controls.ts'
import type { StepOutcome } from '../row.ts'

function reasonFor({ pairs, controls }: Pick<PortabilityRecord, 'pairs' | 'controls'>) {
  const bad =
    pairs.find(({ verdict }) => verdict === 'fail') ??
    pairs.find(({ verdict }) => verdict === 'inconclusive')
  if (bad !== undefined) {
    const why = bad.failures.map(({ name, detail }) => `${name}: ${detail}`)[0] ?? bad.reason
    return `written on ${bad.writer} and recovered on ${bad.recoverer}: ${why}`
  }
  const due = controls.filter(({ expectation }) => expectation === 'caught')
  return whyNothingProven('it', due, ({ iterations }) => iterations)
}

/** What pairs of architectures and their controls come to. */
export function concludePortability(
  record: Pick<PortabilityRecord, 'pairs' | 'controls'>,
): Extract<StepOutcome, { name: 'portability' }> {
  const { pairs } = record
  const reason = reasonFor(record)
  const failed = pairs.some(({ verdict }) => verdict === 'fail')
  return {
    name: 'portability',
    verdict: failed ? 'fail' : reason === null ? 'pass' : 'inconclusive',
    reason,
    confirmations: sumOfConfirmations(pairs.map(({ confirmations }) => confirmations)),
    pairs: pairs.length,
    passed: pairs.filter(({ verdict }) => verdict === 'pass').length,
  }
}
