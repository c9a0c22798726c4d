import { lstatSync, readdirSync, type Stats } from 'node:fs'
import { join, relative } from 'node:path'
import { Broken, type Scene } from './scene.ts'

const OWNER_ALL = 0o700
const OWNER_READS = 0o400
/** Names that programs give to what they mean to rename or to remove. */
const TEMPORARY_NAME = /(^|[._~-])(tmp|temp)([._~-]|\d|$)|~$/i
/** Python keeps its bytecode beside the source. */
const HARMLESS = ['__pycache__']
const NAMED = 5

const octal = (stats: Stats): string => (stats.mode & 0o7777).toString(8)

function listed(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  return `${names.slice(0, NAMED).join(', ')}${more}`
}

/** All that is below a directory, as paths from it. */
function pathsBelow(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  return entries.map((entry) => join(entry.parentPath, entry.name))
}

function assertOwnerCanUse(path: string, name: string): void {
  const stats = lstatSync(path)
  if (stats.isSymbolicLink()) return
  const needed = stats.isDirectory() ? OWNER_ALL : OWNER_READS
  if ((stats.mode & needed) === needed) return
  const use = stats.isDirectory() ? 'read, write and enter' : 'read'
  throw new Broken(`its owner can no longer ${use} ${name}, whose mode is ${octal(stats)}`)
}

/**
 * Throws `Broken` where the subject's directory, or what is in it, is no longer what its owner can copy and
 * remove. Another mode that leaves the owner's rights alone is noted.
 */
export function checkRights(scene: Scene): void {
  const { directory, directoryBefore: before } = scene
  const now = lstatSync(directory, { throwIfNoEntry: false })
  if (now === undefined) throw new Broken('the directory that it was given is gone')
  if (!now.isDirectory()) throw new Broken('its directory is no directory any more')
  assertOwnerCanUse(directory, 'the directory that it was given')
  for (const path of pathsBelow(directory)) assertOwnerCanUse(path, relative(directory, path))
  if (now.mode !== before.mode) {
    scene.notes.push(`it changed the mode of its directory from ${octal(before)} to ${octal(now)}`)
  }
  // The number of a removed directory is soon another one's.
  const isAnother = now.ino !== before.ino || now.birthtimeMs !== before.birthtimeMs
  if (isAnother) scene.notes.push('it put another directory in the place of its own')
}

/** Notes what was left where nobody asked for it: temporary files, and files outside of the directory. */
export function noteLeavings(scene: Scene): void {
  const { directory, temporary, subject, folderBefore, notes } = scene
  const own = pathsBelow(directory)
    .map((path) => relative(directory, path))
    .filter((path) => TEMPORARY_NAME.test(path))
  if (own.length > 0) notes.push(`once closed, it left in its directory: ${listed(own)}`)
  const elsewhere = readdirSync(temporary)
  if (elsewhere.length > 0) notes.push(`it left in TMPDIR: ${listed(elsewhere)}`)
  const beside = readdirSync(subject.folder).filter(
    (name) => !folderBefore.has(name) && !HARMLESS.includes(name),
  )
  if (beside.length > 0) notes.push(`it left in the folder that it runs in: ${listed(beside)}`)
}
