import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive, isOwner, ownerOfThisProcess } from '../harness/process/owner.ts'

const OWNER_FILE = 'owner.json'

/** Makes a folder below `parent` whose name begins with `prefix`, and says in it who made it. */
export function makeOwnedFolder(parent: string, prefix: string): string {
  const folder = mkdtempSync(join(parent, prefix))
  writeFileSync(join(folder, OWNER_FILE), JSON.stringify(ownerOfThisProcess()))
  return folder
}

export function removeOwnedFolder(folder: string): void {
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

/** Those of such folders below `parent` whose process is dead. */
export function findDeadFolders(parent: string, prefix: string): string[] {
  if (!existsSync(parent)) return []
  return readdirSync(parent)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(parent, name))
    .filter(isLeft)
}
