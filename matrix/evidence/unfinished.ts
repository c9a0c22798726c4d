import { rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { listBounded } from '../../harness/files/list-bounded.ts'
import { MAX_DIRECTORY_ENTRIES } from './limits.ts'

/** The name under which a run is written before it has its own. */
export const unfinishedName = (name: string): string => `.${name}.tmp-${process.pid}`

export const isUnfinished = (name: string): boolean => /^\.run-.+\.tmp-\d+$/.test(name)

/** Folders of evidence. Those with a point before their names are locks, which come and go. */
function foldersIn(path: string): string[] {
  const wanted = (name: string): boolean => !name.startsWith('.')
  const entries = listBounded(path, { maxEntries: MAX_DIRECTORY_ENTRIES, wanted })
  return entries.filter((each) => each.isDirectory()).map(({ name }) => join(path, name))
}

/** Removes folders that hold nothing. */
function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path)
  } catch {
    // It holds something.
  }
}

/** The runs below an evidence folder that nobody wrote to their end. */
export function findUnfinished(directory: string): string[] {
  const cells = foldersIn(directory).flatMap(foldersIn)
  return cells.flatMap((cell) =>
    listBounded(cell, { maxEntries: MAX_DIRECTORY_ENTRIES, wanted: isUnfinished }).map(({ name }) =>
      join(cell, name),
    ),
  )
}

/** Removes them, and the folders of architectures and file systems that then hold nothing. Only for whoever holds the lock. */
export function removeUnfinished(directory: string): void {
  for (const path of findUnfinished(directory)) rmSync(path, { recursive: true, force: true })
  for (const arch of foldersIn(directory)) {
    for (const cell of foldersIn(arch)) removeIfEmpty(cell)
    removeIfEmpty(arch)
  }
}
