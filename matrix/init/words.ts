import { resolve } from 'node:path'
import { DESCRIPTION_FILE } from '../subject/read-description.ts'
import type { Made } from './made.ts'

const KINDS = {
  store: 'it puts and deletes values by key',
  log: 'it appends entries',
  file: 'it replaces one content',
} as const

/** A word as a shell takes it. */
function word(text: string): string {
  return /^[\w./@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

function languageInWords({ language, sign, isLanguageGiven, others }: Made): string {
  if (isLanguageGiven) return `It is in ${language.title}.`
  if (sign === null) return `It is in ${language.title}, since nothing tells of another language.`
  const because = `It is in ${language.title}, since ${sign} is there`
  if (others.length === 0) return `${because}.`
  const signs = others.map((other) => other.sign).join(', ')
  const flags = others.map((other) => `--language ${other.language.name}`).join(', ')
  return `${because}; for ${signs} there is ${flags}.`
}

/** What init did, and the next command. */
export function initInWords(made: Made): string {
  const { folder, name, kind, isKindGiven, layout } = made
  const isHere = resolve(folder) === process.cwd()
  const check = isHere ? 'npx pullplug check' : `npx pullplug check ${word(folder)}`
  const build = isHere ? layout.build : `(cd ${word(folder)} && ${layout.build})`
  const kinds = Object.keys(KINDS).filter((each) => each !== kind)
  return [
    `wrote ${DESCRIPTION_FILE} and ${layout.adapter} for ${name}`,
    `It is a ${kind}: ${KINDS[kind]}.${isKindGiven ? '' : ` For others there is ${kinds.map((each) => `--kind ${each}`).join(' and ')}.`}`,
    languageInWords(made),
    ...(layout.needs === null ? [] : [`It needs ${layout.needs}.`]),
    `The adapter works as it stands. Put calls of your own program in the place of its stand-in, and in ${DESCRIPTION_FILE} what it promises.`,
    'next:',
    ...(layout.build === null ? [] : [`  ${build}`]),
    `  ${check}`,
  ].join('\n')
}
