import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { MachineError } from '../../harness/process/machine-error.ts'
import type { SubjectKind } from '../../harness/subject/change.ts'
import type { Description } from '../../harness/subject/description.ts'
import { assertValid } from '../evidence/schemas.ts'
import { BadInput } from '../subject/bad-input.ts'
import { DESCRIPTION_FILE } from '../subject/read-description.ts'
import { adapterOf } from './adapter.ts'
import { asName, FALLBACK, Folder } from './detect.ts'
import { LANGUAGES } from './languages/index.ts'
import type { Made } from './made.ts'
import { initInWords } from './words.ts'
import { writeNew } from './write-new.ts'

export interface InitOptions {
  /** Where the program is; the working directory unless given. */
  folder?: string | undefined
  /** One of `LANGUAGES` by its name; what the folder seems to be of unless given. */
  language?: string | undefined
  /** `store` unless given. */
  kind?: SubjectKind | undefined
  /** That of the package or of the folder unless given. */
  name?: string | undefined
}

const SCHEMA_FILE = 'node_modules/pullplug/schemas/subject.schema.json'
const SCHEMA_ID = 'https://pullplug.dev/schemas/subject/1.json'

function folderAt(path: string): Folder {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) {
    throw new MachineError('MISSING', `${path} is not there`, 'Name the folder of the program.')
  }
  if (!stats.isDirectory()) {
    throw new BadInput(`${path} is not a folder`, 'Name the folder of the program.')
  }
  return new Folder(path)
}

function languageOf(folder: Folder, given: string | undefined) {
  const [seen, ...others] = folder.languages()
  const language = LANGUAGES.find(({ name }) => name === given)
  if (language !== undefined) return { language, sign: null, others: [], isLanguageGiven: true }
  if (given !== undefined) {
    const known = LANGUAGES.map(({ name }) => name).join(', ')
    throw new BadInput(`"${given}" is no language; there are ${known}`, 'Choose one of them.')
  }
  const found = { language: seen?.language ?? FALLBACK, sign: seen?.sign ?? null, others }
  return { ...found, isLanguageGiven: false }
}

function nameOf(folder: Folder, given: string | undefined): string {
  if (given === undefined) return folder.name()
  const name = asName(given)
  if (name === given && name !== '') return name
  const remedy = name === '' ? 'Choose another one.' : `Choose another one, such as ${name}.`
  const what = 'holds only lower-case letters, digits and single hyphens, 60 characters at most'
  throw new BadInput(`a subject's name ${what}, and "${given}" does not`, remedy)
}

function descriptionOf({ name, kind, layout }: Made, folder: string): string {
  const promises = { kill: 'durable', 'power-cut': 'durable' } as const
  const $schema = existsSync(join(folder, SCHEMA_FILE)) ? `./${SCHEMA_FILE}` : SCHEMA_ID
  const description: Description & { $schema: string } = {
    $schema,
    name,
    kind,
    ...layout.run,
    promises,
  }
  assertValid('subject', description)
  return `${JSON.stringify(description, null, 2)}\n`
}

/**
 * Writes a description and an adapter that works as it stands, and returns what it did and what comes next, in
 * words. It asks for nothing that it can find out, and changes nothing that is there. Throws `BadInput` where a file
 * is there already, or what was given is not right, and a `MachineError`.
 */
export function runInit({ folder: path = '.', language, kind, name }: InitOptions = {}): string {
  const folder = folderAt(path)
  const chosen = languageOf(folder, language)
  const made: Made = {
    folder: path,
    name: nameOf(folder, name),
    kind: kind ?? 'store',
    isKindGiven: kind !== undefined,
    ...chosen,
    layout: chosen.language.layout(folder.names, folder.read),
  }
  writeNew(resolve(path), [
    { path: made.layout.adapter, text: adapterOf(made.language, made.kind, made.layout) },
    { path: DESCRIPTION_FILE, text: descriptionOf(made, path) },
  ])
  return initInWords(made)
}
