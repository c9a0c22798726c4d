import { lstatSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { MachineError } from '../../harness/process/machine-error.ts'
import { BadInput } from '../subject/bad-input.ts'

/** A file that is to be made in a folder. */
export interface NewFile {
  /** Its path from there. */
  path: string
  text: string
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    // A file stands in the place of a folder above it: making it will tell.
    return false
  }
}

function refuse(paths: readonly string[]): BadInput {
  const [first, ...others] = paths
  const are = others.length === 0 ? 'is' : 'are'
  return new BadInput(
    `${[first, ...others].join(' and ')} ${are} already there, and nothing was written`,
    'Run `pullplug check` to check what is there, or move it away to begin anew.',
  )
}

/**
 * Makes files in a folder, all of them or none. What is there stays as it is. Throws `BadInput` where one of them is
 * there, and a `MachineError` where they cannot be written.
 */
export function writeNew(folder: string, files: readonly NewFile[]): void {
  const there = files.filter(({ path }) => isThere(join(folder, path)))
  if (there.length > 0) throw refuse(there.map(({ path }) => path))
  const undo: (() => void)[] = []
  try {
    for (const { path, text } of files) {
      const full = join(folder, path)
      const parent = dirname(full)
      if (!isThere(parent)) {
        mkdirSync(parent)
        undo.unshift(() => rmdirSync(parent))
      }
      // Somebody else may have made it since.
      writeFileSync(full, text, { flag: 'wx' })
      undo.unshift(() => rmSync(full))
    }
  } catch (cause) {
    for (const step of undo) step()
    throw new MachineError(
      'BROKEN',
      `nothing can be written in ${folder}: ${(cause as Error).message}`,
      'Choose a folder that you can write to.',
      { cause },
    )
  }
}
