import { closestMatch } from 'leven'
import { shown } from '../shown.ts'
import { type OptionSpecs, optionName, takesValue } from './command.ts'
import { EVERYWHERE } from './everywhere.ts'
import { UsageError } from './usage-error.ts'

/** More changed letters than this are no slip of a finger, nor is a larger share of a name. */
const MAX_CHANGED_LETTERS = 3
const MAX_CHANGED_SHARE = 0.5

/** The name that was probably meant, in words to follow the one that was not understood; empty if there is none. */
export function suggestion(name: string, known: readonly string[]): string {
  const letters = (each: string): string => each.replace(/^-+/, '')
  const share = Math.floor(letters(name).length * MAX_CHANGED_SHARE)
  const maxDistance = Math.min(MAX_CHANGED_LETTERS, share)
  const closest = closestMatch(letters(name), known.map(letters), { maxDistance })
  const meant = known.find((each) => letters(each) === closest)
  return meant === undefined ? '' : `; did you mean ${meant}?`
}

const NEGATIVE_NUMBER = /^-\d+(\.\d+)?$/

const isOption = (token: string): boolean => token.startsWith('-') && token !== '-'

const isValue = (token: string): boolean => !isOption(token) || NEGATIVE_NUMBER.test(token)

/** Options of every command that are answered before anything is checked. */
const ANSWERED = ['--help', '-h', '--version', '-V']

/**
 * Checks how options are given, more strictly than yargs does: it knows each of them, gets a value where it
 * takes one and none where it is a flag, and is there once unless it may be repeated. Throws a `UsageError`.
 */
export function checkOptions(tokens: readonly string[], options: OptionSpecs): void {
  const specs = new Map(
    Object.entries({ ...options, ...EVERYWHERE }).map(([key, option]) => [
      `--${optionName(key)}`,
      option,
    ]),
  )
  const known = [...specs.keys(), '--help', '--version']
  const seen = new Set<string>()
  for (let at = 0; at < tokens.length && tokens[at] !== '--'; at++) {
    const token = tokens[at] as string
    if (!isOption(token) || ANSWERED.includes(token)) continue
    const [name = '', value] = token.split(/=(.*)/s)
    const option = specs.get(name)
    if (option === undefined) {
      throw new UsageError(`there is no option ${shown(name)}${suggestion(name, known)}`)
    }
    const isRepeated = takesValue(option) && option.repeated
    if (seen.has(name) && !isRepeated)
      throw new UsageError(`${name} is given twice, and can be given once`)
    seen.add(name)
    if (seen.has('--color') && seen.has('--no-color')) {
      throw new UsageError('--color and --no-color exclude each other')
    }
    const next = tokens[at + 1]
    if (takesValue(option)) {
      if (value !== undefined) continue
      if (next === undefined || !isValue(next)) throw new UsageError(`${name} needs a value`)
      at += 1
    } else if (value !== undefined) {
      throw new UsageError(`${name} takes no value, and is given ${shown(value)}`)
    } else if (next === 'true' || next === 'false') {
      // The parser would take it for the flag's value.
      throw new UsageError(`${name} takes no value; write a folder of that name as ./${next}`)
    }
  }
}
