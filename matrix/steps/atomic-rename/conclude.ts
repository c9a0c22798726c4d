import type { RenameCheck } from '../../../subjects/atomic-rename/check.ts'
import { expectedRenames } from '../../../subjects/wal/expected/rename.ts'
import type { StepOutcome } from '../row.ts'

const inWords = ({
  crashes,
  old,
  new: renewed,
}: Pick<RenameCheck, 'crashes' | 'old' | 'new'>): string =>
  `${crashes} kills left the old content ${old} times and the new one ${renewed} times`

/** What the check of atomic renames comes to. A kill at a point leaves the same everywhere. */
export function concludeAtomicRename({
  failures,
  disagreements,
  ...counts
}: RenameCheck): Extract<StepOutcome, { name: 'atomic-rename' }> {
  const expected = inWords(expectedRenames())
  const unseen =
    counts.crashes === 0
      ? 'no kill fell on the rename'
      : counts.old === 0 || counts.new === 0
        ? 'the kills did not fall on both sides of the rename'
        : inWords(counts) === expected
          ? null
          : `${inWords(counts)}, and in memory ${expected}`
  const unproven = disagreements[0] ?? unseen
  return {
    name: 'atomic-rename',
    verdict: failures.length > 0 ? 'fail' : unproven === null ? 'pass' : 'inconclusive',
    reason: failures[0] ?? unproven,
    ...counts,
  }
}
