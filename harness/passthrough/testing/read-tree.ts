import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { textOf } from '../name-bytes.ts'
import type { Entry } from '../rebuild.ts'

const under = (folder: Buffer, name: Buffer): Buffer =>
  folder.length === 0 ? name : Buffer.concat([folder, Buffer.from('/'), name])

function entryAt(path: Buffer): Entry {
  const stats = lstatSync(path)
  const mode = stats.mode & 0o7777
  if (stats.isDirectory()) return { is: 'directory', mode }
  if (stats.isSymbolicLink()) return { is: 'link', to: textOf(readlinkSync(path, 'buffer')) }
  if (stats.isFIFO()) return { is: 'pipe', mode }
  if (stats.isSocket()) return { is: 'socket', mode }
  return { is: 'file', content: readFileSync(path), mode }
}

/** All that stands in a folder, by its path from there. */
export function readTree(folder: string): Map<string, Entry> {
  const root = Buffer.from(folder)
  const found = new Map<string, Entry>()
  const visit = (path: Buffer): void => {
    for (const name of readdirSync(under(root, path), { encoding: 'buffer' })) {
      const each = under(path, name)
      const entry = entryAt(under(root, each))
      found.set(textOf(each), entry)
      if (entry.is === 'directory') visit(each)
    }
  }
  visit(Buffer.alloc(0))
  return found
}
