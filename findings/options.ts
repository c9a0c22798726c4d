import { parseArgs } from 'node:util'
import { checkOptions, suggestion } from '../matrix/commands/check-options.ts'
import { flag, value } from '../matrix/commands/command.ts'
import { UsageError } from '../matrix/commands/usage-error.ts'
import { count } from '../matrix/commands/values.ts'
import { shown } from '../matrix/shown.ts'

const MAX_SECONDS = 86_400
const seconds = count('The number of seconds', MAX_SECONDS)

const OPTIONS = {
  seconds: value(seconds, 'how long each run may take, in place of what its finding says'),
  write: flag('keep the results in findings/results.json, and make docs/findings.md of them'),
}

export const HELP = `Usage: npm run findings -- [NAME...] [--seconds N] [--write]

Runs each finding of findings/rows, or those that are named: its subject with every seed, and the cured variant.

  --seconds N  ${OPTIONS.seconds.describe}: more on a slow machine
  --write      ${OPTIONS.write.describe}
  --help       show this

Exit codes: 0 all is as told, 1 a finding no longer shows or a variant that must pass fails, 2 inconclusive,
3 something needed is missing, 4 the harness broke, 64 usage.`

export interface Asked {
  names: readonly string[]
  /** In place of those of each finding; null unless given. */
  seconds: number | null
  write: boolean
  help: boolean
}

/** What a command line asks for; every known name unless some are given. Throws a `UsageError`. */
export function optionsOf(args: readonly string[], known: readonly string[]): Asked {
  if (args.includes('--help') || args.includes('-h')) {
    return { names: [], seconds: null, write: false, help: true }
  }
  checkOptions(args, OPTIONS)
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { write: { type: 'boolean' }, seconds: { type: 'string' } },
    allowPositionals: true,
  })
  const names = [...new Set(positionals)]
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    const there = known.join(', ')
    throw new UsageError(
      `there is no finding ${shown(unknown)}${suggestion(unknown, known)}; there are ${there}`,
    )
  }
  const write = values.write === true
  if (write && values.seconds !== undefined) {
    throw new UsageError(
      '--write keeps runs of the length that the findings say: leave out --seconds',
    )
  }
  return {
    names: names.length === 0 ? known : names,
    seconds: values.seconds === undefined ? null : seconds(values.seconds),
    write,
    help: false,
  }
}
