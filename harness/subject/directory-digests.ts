import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** The plain files below a directory, as SHA-256 by path. Throws what reading throws. */
export function digestsOf(directory: string): Map<string, string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  const paths = entries.filter((each) => each.isFile()).map((e) => join(e.parentPath, e.name))
  return new Map(
    paths.map((path) => [
      relative(directory, path),
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    ]),
  )
}

/** The names of the files that differ, in order. */
export function changedBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  return names.filter((name) => before.get(name) !== after.get(name))
}
