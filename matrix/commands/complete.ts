import type { OptionSpecs } from './command.ts'
import { choicesOf, optionName } from './command.ts'
import { COMMANDS } from './index.ts'
import { parser, yargsOptions } from './parser.ts'

/** What the script of a shell gives first, before the words of its command line. */
export const GET_COMPLETIONS = '--get-yargs-completions'

/** Options with the values that can be named one by one. */
function withChoices(options: OptionSpecs): ReturnType<typeof yargsOptions> {
  const given = yargsOptions(options)
  for (const [key, option] of Object.entries(options)) {
    const choices = choicesOf(option)
    if (choices.length > 0) Object.assign(given[optionName(key)] ?? {}, { choices })
  }
  return given
}

/** In a list with commas, what stands before its last word, which is all that is completed. */
const listBefore = (word: string): string => word.slice(0, word.lastIndexOf(',') + 1)

/** Whether the last word stands where the value of an option does that has no choices: there files are meant. */
function isFreeValue(options: OptionSpecs, before: string | undefined): boolean {
  const option = Object.entries(options).find(([key]) => `--${optionName(key)}` === before)?.[1]
  return option !== undefined && 'parse' in option && choicesOf(option).length === 0
}

/**
 * What the last of the words behind `pullplug` can become: a command, an option, or one of an option's choices; nothing
 * where files are meant. It loads the command that is named, and no other.
 */
export async function completionsOf(words: readonly string[]): Promise<string[]> {
  const current = words.at(-1) ?? ''
  const list = listBefore(current)
  const [name = ''] = words
  const entry = words.length > 1 ? COMMANDS.get(name) : undefined
  if (words.length > 1 && entry === undefined) return []
  const asked = parser([])
  const rest = words.slice(entry === undefined ? 0 : 1, -1)
  if (entry === undefined) {
    for (const { usage, description } of COMMANDS.values()) asked.command(usage, description)
  } else {
    const { options } = await entry.load()
    if (isFreeValue(options, rest.at(-1))) return []
    asked.options(withChoices(options))
  }
  const offered = await asked.getCompletion([...rest, current.slice(list.length)])
  const isOption = (each: string): boolean => each.startsWith('-')
  const fitting =
    current.startsWith('-') || entry === undefined
      ? offered
      : offered.filter((each) => !isOption(each))
  return fitting.map((each) => `${list}${each}`)
}
