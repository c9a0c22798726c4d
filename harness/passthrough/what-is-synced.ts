import type { Operation } from './operation.ts'

/**
 * The operations that are left of a trace where the power fails behind it, on a disk that is as bad as it may be: what
 * was written to a file is gone unless a sync of the file that succeeded came behind it. Names and lengths are taken to
 * be there, since a journal can have been written out at any time.
 */
export function whatIsSynced(operations: readonly Operation[]): Operation[] {
  const syncedBehind = new Set<number>()
  const left: Operation[] = []
  for (const operation of operations.toReversed()) {
    const { kind, file, done, lost, synced } = operation
    if (kind === 'fsync' && done && !lost) syncedBehind.add(file)
    if (kind !== 'write' || synced || syncedBehind.has(file)) left.push(operation)
  }
  return left.reverse()
}
