import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readText } from '../files/read-text.ts'
import { isOwner, MAX_OWNER_BYTES, type Owner, ownerOfThisProcess } from '../process/owner.ts'
import { LIFE_SIGN, makeLifeSign } from './life-sign.ts'
import { type Kind, register, unregister } from './registry.ts'

/** Whose a folder is. */
export interface Title {
  owner: Owner
  /** When it was made, in milliseconds since 1970. */
  createdAtMs: number
}

const FORMAT = 'pullplug-owned/1'

const OWNER_FILE = 'owner.json'

export const ownerFileOf = (folder: string): string => join(folder, OWNER_FILE)

/** What such a folder holds, whatever else it is for. */
export const OWNED_NAMES: readonly string[] = [OWNER_FILE, LIFE_SIGN]

/** What the name of a folder begins with while it is made. */
export const UNFINISHED_PREFIX = '.new-'

/** Where a folder is made, before it gets its name. */
export const unfinishedOf = (folder: string): string =>
  join(dirname(folder), `${UNFINISHED_PREFIX}${basename(folder)}`)

/** The files that hold this process's signs of life, by folder. */
const lifeSigns = new Map<string, number>()

function letGo(folder: string): void {
  const file = lifeSigns.get(folder)
  lifeSigns.delete(folder)
  if (file !== undefined) closeSync(file)
}

/** A path below `parent` that nobody has had. */
export function freshPath(parent: string, prefix: string): string {
  return join(realpathSync(parent), `${prefix}${randomBytes(6).toString('hex')}`)
}

/**
 * Makes a folder that says whose it is, at a path of `freshPath`: it is written down first, filled with an
 * `owner.json`, a sign of life and whatever `fill` puts there, and only then gets its name, so that what has
 * a name is whole. Nothing stays when it throws, the operating system's error or what `fill` does.
 */
export function makeOwnedFolder(
  folder: string,
  kind: Kind,
  fill: (unfinished: string) => void = () => {},
): string {
  const title: Title = { owner: ownerOfThisProcess(), createdAtMs: Date.now() }
  const unfinished = unfinishedOf(folder)
  register({ kind, path: folder, ...title })
  try {
    mkdirSync(unfinished, { mode: 0o700 })
    const text = `${JSON.stringify({ format: FORMAT, ...title })}\n`
    writeFileSync(ownerFileOf(unfinished), text, { flag: 'wx', flush: true })
    const lifeSign = makeLifeSign(unfinished)
    if (lifeSign !== null) lifeSigns.set(folder, lifeSign)
    fill(unfinished)
    renameSync(unfinished, folder)
    return folder
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    disown(folder)
    throw error
  }
}

/** Strikes out a folder that is gone. */
export function disown(folder: string): void {
  letGo(folder)
  unregister(folder)
}

/** Removes such a folder, finished or not; one that is gone is fine. */
export function removeOwnedFolder(folder: string): void {
  for (const path of [unfinishedOf(folder), folder]) rmSync(path, { recursive: true, force: true })
  disown(folder)
}

/**
 * What a folder's `owner.json` says: `broken` when there is none, or one that was not written to its end, and
 * `other` when somebody else wrote it.
 */
export function readTitle(folder: string): Title | 'broken' | 'other' {
  try {
    const said = JSON.parse(readText(ownerFileOf(folder), { maxBytes: MAX_OWNER_BYTES }))
    const { format, owner, createdAtMs } = said
    const isOurs = format === FORMAT && isOwner(owner) && Number.isSafeInteger(createdAtMs)
    return isOurs ? said : 'other'
  } catch {
    return 'broken'
  }
}

/** Where a folder is now: at its path, or still without its name; null when it is gone. */
export function whereIs(folder: string): string | null {
  const found = [folder, unfinishedOf(folder)].find((path) => existsSync(path))
  return found !== undefined && lstatSync(found).isDirectory() ? found : null
}
