import type { Command } from './command.ts'
import { COMMANDS, type CommandEntry } from './index.ts'
import { parser, yargsOptions } from './parser.ts'

/** What the program does, after its name. */
export const DESCRIPTION =
  'pulls the plug on a program that says its data is safe, and checks that it is'
const EXIT_CODES =
  'Exit codes: 0 pass, 1 fail, 2 inconclusive, 3 something needed is missing, 4 the harness broke, 64 usage.'

/** The help of a command, or of all of them. */
export async function helpOf(
  chosen: { entry: CommandEntry; command: Command } | null,
): Promise<string> {
  const help = parser([])
  if (chosen === null) {
    help.usage(`Usage: pullplug <command>\n\n${DESCRIPTION}`)
    for (const { usage, description } of COMMANDS.values()) help.command(usage, description)
    help.epilogue(`pullplug <command> --help tells more of one.\n\n${EXIT_CODES}`)
  } else {
    const { entry, command } = chosen
    help.usage(`Usage: pullplug ${entry.usage} [options]\n\n${entry.description}`)
    help.options(yargsOptions(command.options))
    for (const [line, purpose = ''] of command.examples) help.example(line, purpose)
    help.epilogue(`${command.notes}\n\n${EXIT_CODES}`)
  }
  return await help.getHelp()
}
