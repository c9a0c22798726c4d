import { checkAtomicRename } from '../../harness/rename/check.ts'
import type { Step } from './step.ts'

/** A rename replaces a file as one, whenever it is killed. */
export const atomicRename: Step = {
  name: 'atomic-rename',
  unmade: {
    name: 'atomic-rename',
    verdict: 'inconclusive',
    reason: null,
    crashes: 0,
    old: 0,
    new: 0,
  },
  async run({ root, signal, runtime, crew }) {
    const { failures, ...counts } = await checkAtomicRename(root, { signal, runtime, crew })
    const seenBoth = counts.old > 0 && counts.new > 0
    const unseen = seenBoth ? null : 'the kills did not fall on both sides of the rename'
    return {
      name: 'atomic-rename',
      verdict: failures.length > 0 ? 'fail' : seenBoth ? 'pass' : 'inconclusive',
      reason: failures[0] ?? unseen,
      ...counts,
    }
  },
}
