import { MachineError } from '../../harness/process/machine-error.ts'
import { packageVersion } from '../package-root.ts'
import { shown } from '../shown.ts'
import { checkOptions, suggestion } from './check-options.ts'
import { type Command, type OptionSpecs, optionName, takesValue } from './command.ts'
import { completionsOf, GET_COMPLETIONS } from './complete.ts'
import { helpOf } from './help.ts'
import { withoutHelpCommand } from './help-line.ts'
import { COMMANDS, type CommandEntry } from './index.ts'
import { parser, yargsOptions } from './parser.ts'
import { UsageError } from './usage-error.ts'

/** What the command line asks for: words, or a command with what it was given. */
export type Asked =
  | { words: string }
  | { command: Command; given: Record<string, unknown>; operands: string[] }

function optionsGiven(options: OptionSpecs, argv: Record<string, unknown>) {
  const given = Object.entries(options).map(([key, option]): [string, unknown] => {
    const name = optionName(key)
    const raw = argv[name]
    if (!takesValue(option)) return [key, raw === true]
    if (option.repeated) {
      const texts = raw === undefined ? [] : [raw].flat()
      return [key, texts.flatMap((text) => parsed(name, option.parse, String(text)))]
    }
    const text = raw === undefined ? option.fallback : String(raw)
    if (text !== undefined) return [key, parsed(name, option.parse, text)]
    if (option.required) throw new UsageError(`--${name} is needed, and not given`)
    return [key, undefined]
  })
  return Object.fromEntries(given)
}

function parsed(name: string, parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(`--${name} ${shown(text)}: ${error.message}`)
  }
}

/** Throws a `UsageError` unless the operands are as many as a command takes. */
function checkOperands({ usage }: CommandEntry, operands: readonly string[]): void {
  const least = usage.includes('<') ? 1 : 0
  const most = usage.includes('..') ? Number.POSITIVE_INFINITY : usage.split(' ').length - 1
  if (operands.length < least) throw new UsageError(`an operand is missing: pullplug ${usage}`)
  if (operands.length > most) {
    throw new UsageError(`there are too many operands: ${shown(operands.slice(most).join(' '))}`)
  }
  if (operands.includes('')) throw new UsageError('an operand is empty, and names nothing')
}

/** Loads a command. Throws a `MachineError`. */
async function load({ usage, load }: CommandEntry): Promise<Command> {
  try {
    return await load()
  } catch (cause) {
    if (cause instanceof MachineError) throw cause
    throw new MachineError(
      'BROKEN',
      `pullplug ${usage} could not be loaded: ${(cause as Error).message}`,
      'Raise the limit of open files (ulimit -n), or install pullplug again.',
      { cause },
    )
  }
}

/**
 * What a command line asks for. It loads the command that is named, and no other. Throws a `UsageError`.
 */
export async function parse(line: readonly string[]): Promise<Asked> {
  if (line[0] === GET_COMPLETIONS) {
    return { words: (await completionsOf(line.slice(2))).join('\n') }
  }
  const args = withoutHelpCommand(line)
  const before = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined)
  const wantsHelp = before.includes('--help') || before.includes('-h')
  const name = args.find((arg) => !arg.startsWith('-'))
  const entry = name === undefined ? undefined : COMMANDS.get(name)
  if (name !== undefined && entry === undefined) {
    const known = [...COMMANDS.keys()]
    throw new UsageError(`there is no command ${shown(name)}${suggestion(name, known)}`)
  }
  const chosen = entry === undefined ? null : { entry, command: await load(entry) }
  if (wantsHelp) return { words: await helpOf(chosen) }
  if (before.includes('--version') || before.includes('-V')) return { words: packageVersion }
  const options = chosen?.command.options ?? {}
  checkOptions(args, options)
  if (chosen === null) throw new UsageError(`name a command: ${[...COMMANDS.keys()].join(', ')}`)
  const argv = parser(args).options(yargsOptions(options)).parseSync()
  const operands = argv._.slice(1).map(String)
  checkOperands(chosen.entry, operands)
  return { command: chosen.command, given: optionsGiven(options, argv), operands }
}
