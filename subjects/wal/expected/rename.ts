import { join } from 'node:path'
import { heldIn, RENAME_ENTRIES, renamePoints } from '../../atomic-rename/check.ts'
import { atomicRenameSubject, TARGET_FILE } from '../../atomic-rename/subject.ts'
import { DIRECTORY, NO_FILES, runVictimInMemory, traceInMemory } from './in-memory.ts'

let counts: { crashes: number; old: number; new: number } | undefined

/** How many kills the check of atomic renames makes, and how many of them each content outlives. */
export function expectedRenames(): { crashes: number; old: number; new: number } {
  if (counts !== undefined) return counts
  const points = renamePoints(traceInMemory(atomicRenameSubject, RENAME_ENTRIES))
  const held = points.map((point) => {
    const entries = RENAME_ENTRIES
    const end = runVictimInMemory(atomicRenameSubject, NO_FILES, { entries, point })
    const target = end.files.get(join(DIRECTORY, TARGET_FILE)) ?? []
    return heldIn(Buffer.from(target).toString(), end.acked.length)
  })
  const count = (what: string): number => held.filter((each) => each === what).length
  counts = { crashes: points.length, old: count('old'), new: count('new') }
  return counts
}
