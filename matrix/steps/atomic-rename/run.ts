import { NO_CONFIRMATIONS } from '../../../harness/oracle/second-look.ts'
import { checkAtomicRename } from '../../../subjects/atomic-rename/check.ts'
import type { Step } from '../step.ts'
import { concludeAtomicRename } from './conclude.ts'

/** A rename replaces a file as one, whenever it is killed. */
export const atomicRename: Step = {
  name: 'atomic-rename',
  unmade: {
    name: 'atomic-rename',
    verdict: 'inconclusive',
    reason: null,
    confirmations: NO_CONFIRMATIONS,
    crashes: 0,
    old: 0,
    new: 0,
  },
  async run({ root, signal, runtime, crew }) {
    return concludeAtomicRename(await checkAtomicRename(root, { signal, runtime, crew }))
  },
}
