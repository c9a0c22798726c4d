import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { MachineError } from '../process/machine-error.ts'
import { isOwner, type Owner, ownerOfThisProcess } from '../process/owner.ts'

/** What a volume's folder holds. */
export const imageOf = (folder: string): string => join(folder, 'image')
export const mountPointOf = (folder: string): string => join(folder, 'mnt')
export const ownerFileOf = (folder: string): string => join(folder, 'owner.json')

/** What stands there until `owner.json` is whole. */
export const UNFINISHED_OWNER_FILE = 'owner.json.new'

const FORMAT = 'pullplug-volume/1'

/** Whose volume a folder is. */
export interface Title {
  owner: Owner
  /** When it was made, in milliseconds since 1970. */
  createdAtMs: number
}

/**
 * Makes a folder for one volume: first an `owner.json` that names this process, then a sparse image of
 * `sizeBytes` and an empty directory to mount it on. Nothing stays when it throws, a `MachineError`.
 */
export function makeVolumeFolder(stateDirectory: string, name: string, sizeBytes: number): string {
  let folder: string | undefined
  try {
    folder = mkdtempSync(join(stateDirectory, `${name}-`))
    const title: Title = { owner: ownerOfThisProcess(), createdAtMs: Date.now() }
    const text = `${JSON.stringify({ format: FORMAT, ...title })}\n`
    const unfinished = join(folder, UNFINISHED_OWNER_FILE)
    writeFileSync(unfinished, text, { flag: 'wx', flush: true })
    renameSync(unfinished, ownerFileOf(folder))
    mkdirSync(mountPointOf(folder))
    const image = openSync(imageOf(folder), 'wx', 0o600)
    try {
      ftruncateSync(image, sizeBytes)
    } finally {
      closeSync(image)
    }
    return folder
  } catch (cause) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    throw new MachineError(
      'BROKEN',
      `no volume can be made in ${stateDirectory}: ${(cause as Error).message}`,
      'Free some space there, or set TMPDIR to a directory on a larger disk.',
      { cause },
    )
  }
}

function titleIn(file: string): Title | null {
  try {
    const said = JSON.parse(readFileSync(file, 'utf8'))
    if (said.format !== FORMAT || !isOwner(said.owner)) return null
    return Number.isSafeInteger(said.createdAtMs) ? (said as Title) : null
  } catch {
    return null
  }
}

/** What a folder's `owner.json` says; null when there is none, or when we did not write it. */
export function readTitle(folder: string): Title | null {
  // Whoever is killed while the unfinished one is flushed has written all of it.
  return titleIn(ownerFileOf(folder)) ?? titleIn(join(folder, UNFINISHED_OWNER_FILE))
}
