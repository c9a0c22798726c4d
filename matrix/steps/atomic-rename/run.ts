import { checkAtomicRename } from '../../../subjects/atomic-rename/check.ts'
import type { StepContext, StepOutcome } from '../row.ts'
import { concludeAtomicRename } from './conclude.ts'

/** Replaces a file by a rename on the cell's file system, killed at its points. */
export async function runAtomicRename({
  root,
  signal,
  runtime,
  crew,
}: StepContext): Promise<Extract<StepOutcome, { name: 'atomic-rename' }>> {
  return concludeAtomicRename(await checkAtomicRename(root, { signal, runtime, crew }))
}
