import { readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Language, Names } from './language.ts'
import { LANGUAGES } from './languages/index.ts'
import { JS } from './languages/js.ts'
import { smallTextOf } from './small-text.ts'

/** Files that say more of a folder than a source does, the surest first: a package.json may be there for tools alone. */
const MANIFESTS: readonly string[] = [
  'Cargo.toml',
  'go.mod',
  'pyproject.toml',
  'setup.py',
  'package.json',
  'tsconfig.json',
  'setup.cfg',
  'Pipfile',
  'requirements.txt',
  'CMakeLists.txt',
  'meson.build',
  'Makefile',
]

/** A language that a folder seems to be of, and the file by which it is known. */
export interface Seen {
  language: Language
  sign: string
}

/** What init can find out of a folder. */
export class Folder {
  readonly path: string
  readonly names: Names

  constructor(path: string) {
    this.path = path
    this.names = new Set(readdirSync(path).filter((name) => !name.startsWith('pullplug')))
  }

  /** The text of a file in it; empty where there is none. */
  readonly read = (name: string): string => smallTextOf(join(this.path, name))

  /** The languages that it seems to be of, the likeliest first. */
  languages(): Seen[] {
    const seen = LANGUAGES.flatMap((language): Seen[] => {
      const sign = language.sign(this.names, this.read)
      return sign === undefined ? [] : [{ language, sign }]
    })
    const rank = ({ sign }: Seen): number => {
      const at = MANIFESTS.indexOf(sign)
      return at < 0 ? MANIFESTS.length : at
    }
    return seen.toSorted((a, b) => rank(a) - rank(b))
  }

  /** A name for the subject: that of the package, or the folder's. */
  name(): string {
    return asName(this.#packageName()) || asName(basename(resolve(this.path))) || 'subject'
  }

  #packageName(): string {
    try {
      const { name } = JSON.parse(this.read('package.json')) as { name?: unknown }
      return typeof name === 'string' ? name.replace(/^@[^/]*\//, '') : ''
    } catch {
      return ''
    }
  }
}

/** The language where nothing tells: Node is here, whatever else is. */
export const FALLBACK: Language = JS

const MAX_NAME_CHARS = 60

/** The nearest text that is a subject's name; empty where none is. */
export function asName(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? []
  return words.join('-').slice(0, MAX_NAME_CHARS).replace(/-$/, '')
}
