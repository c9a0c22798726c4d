import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MachineError } from '../harness/process/machine-error.ts'
import { isAlive, isOwner, ownerOfThisProcess } from '../harness/process/owner.ts'

const PREFIX = '.pullplug-'
const OWNER_FILE = 'owner.json'

/**
 * Makes a folder in the working directory, on whatever file system that is, and says in it who made
 * it. Throws a `MachineError`.
 */
export function makeWorkingFolder(): string {
  try {
    const folder = mkdtempSync(join(process.cwd(), PREFIX))
    writeFileSync(join(folder, OWNER_FILE), JSON.stringify(ownerOfThisProcess()))
    return folder
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `nothing can be written in ${process.cwd()}: ${(cause as Error).message}`,
      'Run it in a directory that you can write to.',
      { cause },
    )
  }
}

export function removeWorkingFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

function isLeft(folder: string): boolean {
  const path = join(folder, OWNER_FILE)
  if (!existsSync(path)) return false
  try {
    const owner: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isOwner(owner) && !isAlive(owner)
  } catch {
    return false
  }
}

/** The folders in the working directory whose process is dead. */
export function findWorkingFolders(): string[] {
  return readdirSync(process.cwd())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(process.cwd(), name))
    .filter(isLeft)
}
