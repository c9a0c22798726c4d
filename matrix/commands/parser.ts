import { createRequire } from 'node:module'
import type Yargs from 'yargs'
import type { Argv, Options } from 'yargs'
import { type OptionSpecs, optionName, takesValue } from './command.ts'
import { EVERYWHERE } from './everywhere.ts'

const require = createRequire(import.meta.url)

const HELP_WIDTH_CHARS = 100

/** Options as yargs is told of them. */
export function yargsOptions(options: OptionSpecs): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(options).map(([key, option]): [string, Options] => [
      optionName(key),
      takesValue(option)
        ? {
            type: 'string',
            requiresArg: true,
            describe: option.required ? `${option.describe} (required)` : option.describe,
            ...(option.fallback === undefined ? {} : { defaultDescription: option.fallback }),
          }
        : { type: 'boolean', describe: option.describe },
    ]),
  )
}

/** yargs, told to take nothing for anything but what it is; loaded by whoever parses or helps. */
export function parser(args: readonly string[]): Argv {
  // Its ES module breaks lines of the help in the middle of words.
  const yargs = require('yargs/yargs') as typeof Yargs
  return yargs([...args])
    .scriptName('pullplug')
    .locale('en')
    .wrap(HELP_WIDTH_CHARS)
    .exitProcess(false)
    .version(false)
    .help(false)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
    })
    .options(yargsOptions(EVERYWHERE))
    .option('help', { alias: 'h', type: 'boolean', describe: 'show this' })
    .option('version', { alias: 'V', type: 'boolean', describe: 'show the version' })
}
