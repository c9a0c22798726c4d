import { EXIT } from '../exit-code.ts'
import type { Command } from './command.ts'
import { COMMANDS, type CommandEntry } from './index.ts'
import { parser, yargsOptions } from './parser.ts'

/** What the program does, after its name. */
export const DESCRIPTION =
  'pulls the plug on a program that says its data is safe, and checks that it is'

/** What the exit codes mean; those of a signal and of an answer that nobody reads are what a shell makes of them. */
export const EXIT_CODES: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.pass, 'pass'],
  [EXIT.fail, 'fail'],
  [EXIT.inconclusive, 'inconclusive'],
  [EXIT.missing, 'something needed is missing'],
  [EXIT.broken, 'the harness broke'],
  [EXIT.usage, 'usage'],
]
const EXIT_CODES_IN_WORDS = `Exit codes: ${EXIT_CODES.map((each) => each.join(' ')).join(', ')}.`

/** The help of a command, or of all of them. */
export async function helpOf(
  chosen: { entry: CommandEntry; command: Command } | null,
): Promise<string> {
  const help = parser([])
  if (chosen === null) {
    help.usage(`Usage: pullplug <command>\n\n${DESCRIPTION}`)
    for (const { usage, description } of COMMANDS.values()) help.command(usage, description)
    help.epilogue(`pullplug <command> --help tells more of one.\n\n${EXIT_CODES_IN_WORDS}`)
  } else {
    const { entry, command } = chosen
    help.usage(`Usage: pullplug ${entry.usage} [options]\n\n${entry.description}`)
    help.options(yargsOptions(command.options))
    for (const [line, purpose = ''] of command.examples) help.example(line, purpose)
    help.epilogue(`${command.notes}\n\n${EXIT_CODES_IN_WORDS}`)
  }
  return await help.getHelp()
}
