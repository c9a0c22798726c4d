import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readText } from '../harness/files/read-text.ts'

/** No package.json is larger. */
export const MAX_PACKAGE_BYTES = 1024 * 1024

function manifestAt(directory: string): { name: string; version: string } | undefined {
  const path = join(directory, 'package.json')
  return existsSync(path) ? JSON.parse(readText(path, { maxBytes: MAX_PACKAGE_BYTES })) : undefined
}

function findRoot(directory: string): string {
  if (manifestAt(directory)?.name === 'pullplug') return directory
  const parent = dirname(directory)
  if (parent === directory) throw new Error('this file is not inside of the package pullplug')
  return findRoot(parent)
}

/** The folder of this package, whether it runs from its sources or compiled. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)))

/** The version of this package. */
export const packageVersion: string = manifestAt(packageRoot)?.version ?? ''

/** Where a page of the documentation is, as it can be opened from the working directory. */
export function pagePath(page: string): string {
  const path = join(packageRoot, 'docs', page)
  const from = relative('', path)
  return from.startsWith('..') ? path : from
}
