import {
  type Command,
  choicesOf,
  type Flag,
  type OptionSpecs,
  optionName,
  takesValue,
  type Value,
} from '../commands/command.ts'
import { EVERYWHERE } from '../commands/everywhere.ts'
import { DESCRIPTION, EXIT_CODES } from '../commands/help.ts'
import { COMMANDS, type CommandEntry } from '../commands/index.ts'
import { packageVersion } from '../package-root.ts'
import { bold, examples, italic, paragraph, roffText, section, subsection, term } from './roff.ts'

const ENVIRONMENT: readonly (readonly [name: string, meaning: string])[] = [
  ['NO_COLOR', 'Where it is not empty, nothing is coloured.'],
  [
    'FORCE_COLOR',
    'Where it is not empty and not 0, everything is coloured, also where no terminal is.',
  ],
  [
    'XDG_CACHE_HOME',
    'Emulators, and what failed last, are kept in a folder pullplug of it; of ~/.cache where it is not set.',
  ],
  [
    'TMPDIR',
    'Volumes and directories of subjects are made below it; below /tmp where it is not set.',
  ],
  [
    'PULLPLUG_STATE',
    'Where runs write down what they make, so that doctor finds what killed ones left.',
  ],
]

const FILES: readonly (readonly [name: string, meaning: string])[] = [
  ['pullplug.json', 'What describes a subject: its kind, how it is run, and what it promises.'],
  ['evidence/', 'What matrix leaves, a folder a cell and run, and what gate decides by.'],
]

function optionTerm(key: string, option: Flag | Value<unknown>): string[] {
  const name = `--${optionName(key)}`
  if (!takesValue(option)) return term(bold(name), `${option.describe}.`)
  const choices = choicesOf(option)
  const { fallback, required } = option
  const more = [
    ...(required ? ['required'] : []),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
    ...(choices.length === 0 ? [] : [`there are ${choices.join(', ')}`]),
  ]
  // What can be given is often named by the description itself.
  const isTold = choices.every((choice) => option.describe.includes(choice))
  const told = isTold ? more.slice(0, choices.length === 0 ? undefined : -1) : more
  const rest = told.length === 0 ? '' : ` (${told.join('; ')})`
  return term(`${bold(name)} ${italic('VALUE')}`, `${option.describe}${rest}.`)
}

const optionTerms = (options: OptionSpecs): string[] =>
  Object.entries(options).flatMap(([key, option]) => optionTerm(key, option))

const exampleLine = (line: string, purpose: string | undefined): string =>
  purpose === undefined ? line : `${line}    # ${purpose}`

function commandPart({ usage, description }: CommandEntry, command: Command): string[] {
  const sentence = `${description[0]?.toUpperCase()}${description.slice(1)}.`
  return [
    subsection(`pullplug ${usage} [options]`),
    roffText(sentence),
    ...paragraph(command.notes),
    ...optionTerms(command.options),
    ...paragraph('For example:'),
    ...examples(command.examples.map(([line, purpose]) => exampleLine(line, purpose))),
  ]
}

/** The page of the manual, in roff, from what the commands say of themselves. It loads all of them. */
export async function manualPage(): Promise<string> {
  const entries = [...COMMANDS.values()]
  const commands = await Promise.all(
    entries.map(async (entry) => commandPart(entry, await entry.load())),
  )
  const lines = [
    `.TH PULLPLUG 1 "" "pullplug ${roffText(packageVersion)}" "User Commands"`,
    // Neither hyphens nor gaps that are not there, where options are read and pasted.
    ...['.nh', '.ad l'],
    section('name'),
    `pullplug \\- ${roffText(DESCRIPTION)}`,
    section('synopsis'),
    `${bold('pullplug')} ${italic('COMMAND')} [${italic('OPERAND')} ...] [${italic('OPTION')} ...]`,
    section('description'),
    roffText(
      'Pullplug runs a program in child processes, kills them at chosen file operations, cuts their power and fails their disk on real file systems, and judges what they recover against what they had acknowledged. Each failure ends with the line that shows it again.',
    ),
    ...paragraph(
      'The answer goes to standard output, in words or with --json for programs; progress and complaints go to standard error.',
    ),
    section('options of every command'),
    ...term(`${bold('-h')}, ${bold('--help')}`, 'show what a command takes, with examples.'),
    ...term(`${bold('-V')}, ${bold('--version')}`, 'show the version.'),
    ...optionTerms(EVERYWHERE),
    section('commands'),
    ...commands.flat(),
    section('exit status'),
    ...EXIT_CODES.flatMap(([code, meaning]) => term(bold(String(code)), `${meaning}.`)),
    section('environment'),
    ...ENVIRONMENT.flatMap(([name, meaning]) => term(bold(name), meaning)),
    section('files'),
    ...FILES.flatMap(([name, meaning]) => term(italic(name), meaning)),
  ]
  return `${lines.join('\n')}\n`
}
