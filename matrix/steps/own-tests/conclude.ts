import type { Looked } from '../look-twice.ts'
import type { StepOutcome } from '../row.ts'

/** What the looks at a subject's own tests come to. */
export function concludeOwnTests({
  failure,
  disagreement,
  confirmations,
}: Pick<Looked<unknown>, 'failure' | 'disagreement' | 'confirmations'>): Extract<
  StepOutcome,
  { name: 'own-tests' }
> {
  const reason = failure === null ? disagreement : `its own tests failed: ${failure}`
  return {
    name: 'own-tests',
    verdict: failure !== null ? 'fail' : disagreement !== null ? 'inconclusive' : 'pass',
    reason,
    confirmations,
  }
}
