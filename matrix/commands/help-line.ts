import { COMMANDS } from './index.ts'

/** `pullplug help matrix` is `pullplug matrix --help`. */
export const withoutHelpCommand = (args: readonly string[]): readonly string[] =>
  args[0] === 'help' ? [...args.slice(1), '--help'] : args

/** What shows the help of the command that a command line names, such as `pullplug gate --help`. */
export function helpLine(args: readonly string[]): string {
  const name = withoutHelpCommand(args).find((arg) => !arg.startsWith('-')) ?? ''
  return `pullplug ${COMMANDS.has(name) ? `${name} ` : ''}--help`
}
