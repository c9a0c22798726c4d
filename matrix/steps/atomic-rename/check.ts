import type { RunRecord, StepRecord } from '../../evidence/types.ts'
import { concludedProblem } from '../check-concluded.ts'
import { concludeAtomicRename } from './conclude.ts'

type AtomicRename = Extract<StepRecord, { name: 'atomic-rename' }>

/** What of the check of atomic renames does not follow from its counts. */
export function atomicRenameProblem(step: AtomicRename, run: RunRecord): string | null {
  const { crashes, old, new: renewed, verdict } = step
  if (old + renewed > crashes)
    return 'the atomic-rename step found more contents than it made kills'
  if (verdict !== 'fail' && old + renewed < crashes) {
    return 'the atomic-rename step found neither content after a kill, and does not fail'
  }
  // What a kill left amiss is told in its reason only.
  if (verdict === 'fail') return null
  const { confirmations } = step
  if (
    confirmations.agreed > confirmations.taken ||
    (verdict === 'pass' && confirmations.taken > 0)
  ) {
    return 'the atomic-rename step took second looks that do not follow from its kills'
  }
  // What one look found and another did not is told in its reason only.
  if (verdict === 'inconclusive' && confirmations.taken > confirmations.agreed) return null
  const counts = { crashes, old, new: renewed, failures: [], disagreements: [], confirmations }
  const concluded = concludeAtomicRename(counts)
  return concludedProblem(step, concluded, run, crashes === 0)
}
