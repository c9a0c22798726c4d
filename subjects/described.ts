import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DescribedSubject, Description } from '../harness/subject/description.ts'

const HERE = import.meta.dirname

/** The descriptions that stand in this folder: every JSON file of a subject's folder, as `wal/pullplug.json`. */
export const DESCRIPTIONS: readonly string[] = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
  .flatMap(({ name }) => readdirSync(join(HERE, name)).map((file) => join(name, file)))
  .filter((path) => path.endsWith('.json'))

/** The subject that a file of this folder describes. */
export function described(path: string): DescribedSubject {
  const description = JSON.parse(readFileSync(join(HERE, path), 'utf8')) as Description
  return { description, folder: join(HERE, dirname(path)) }
}

/** What a bare import names: a package, without the path inside of it. */
const IMPORT = / from '((?:@[^/']+\/)?[^./'][^/']*)/g

/** The npm packages of a subject that are not installed here. */
function missingPackages({ folder }: DescribedSubject): string[] {
  const sources = readdirSync(folder).filter((name) => name.endsWith('.mjs'))
  return sources
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .flatMap((source) => Array.from(source.matchAll(IMPORT), ([, name]) => name as string))
    .filter((name) => !name.startsWith('node:') && !existsSync(join(HERE, 'node_modules', name)))
}

/** Why a subject can't be run here, with a way out; undefined where it can. */
export function whyNot(subject: DescribedSubject): string | undefined {
  const missing = missingPackages(subject)
  return missing.length === 0
    ? undefined
    : `it needs ${missing.join(', ')}: run npm ci --prefix subjects`
}
