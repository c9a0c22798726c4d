import type { Amount } from '../progress.ts'
import { flag } from './command.ts'
import { UsageError } from './usage-error.ts'

/** How much a command says that makes many cases. */
export const AMOUNT = {
  quiet: flag('say the verdict and what failed, and nothing else'),
  verbose: flag('say each step and case as it ends, and what was decided'),
}

/** What `AMOUNT` comes to. Throws a `UsageError` where both were given. */
export function amountOf({ quiet, verbose }: { quiet: boolean; verbose: boolean }): Amount {
  if (quiet && verbose) throw new UsageError('--quiet and --verbose exclude each other')
  return quiet ? 'quiet' : verbose ? 'verbose' : 'usual'
}
