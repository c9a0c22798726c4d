import { inspect } from 'node:util'
import { MachineError } from '../harness/process/machine-error.ts'
import { shortageBehind } from '../harness/process/shortage.ts'
import { plainLine } from '../harness/text/shown.ts'
import { answer, NobodyReads } from './answer.ts'
import { helpLine } from './commands/help-line.ts'
import { UsageError } from './commands/usage-error.ts'
import { EXIT } from './exit-code.ts'
import { Interrupted, leaveSignals, watchSignals } from './interrupt.ts'
import { packageVersion } from './package-root.ts'
import { clean } from './shown.ts'
import { BadInput } from './subject/bad-input.ts'
import { ContractBroken } from './test-subject/contract-broken.ts'

/** Each of `lines` stays one line, whatever went into it. */
function complain(...lines: readonly string[]): void {
  process.stderr.write(`${lines.map(plainLine).join('\n')}\n`)
}

/** What an error means: words on stderr, and an exit code. Throws what is nobody's fault but ours. */
function report(error: unknown, args: readonly string[]): number {
  if (error instanceof NobodyReads) return EXIT.brokenPipe
  if (error instanceof UsageError) {
    complain(`pullplug: ${error.message} (${helpLine(args)} shows what there is)`)
    return EXIT.usage
  }
  if (error instanceof Interrupted) {
    complain(`pullplug: ${error.message}; what was half made is undone`)
    return error.exitCode
  }
  if (error instanceof BadInput) {
    complain(...`pullplug: ${error.message}`.split('\n'), `  ${error.remedy}`)
    return EXIT.usage
  }
  if (error instanceof ContractBroken) {
    complain(
      `pullplug: it breaks the contract: ${error.message}`,
      '  Run `pullplug check`, which tells more.',
    )
    return EXIT.fail
  }
  if (error instanceof MachineError) {
    const shortage = shortageBehind(error)
    complain(`pullplug: ${error.message}`, `  ${shortage?.remedy ?? error.remedy}`)
    return error.code === 'MISSING' && shortage === null ? EXIT.missing : EXIT.broken
  }
  throw error
}

/** What to say of an error that is nobody's fault but ours, or the machine's. */
export function lastWords(error: unknown): string {
  const shortage = error instanceof Error ? shortageBehind(error) : null
  if (shortage !== null) {
    return clean(`pullplug: ${shortage.what}: ${(error as Error).message}\n  ${shortage.remedy}`)
  }
  const stack = error instanceof Error ? error.stack : inspect(error)
  return clean(`pullplug broke, which is its own fault and says nothing about the log:\n${stack}`)
}

/** A command line that asks for the version and nothing else is answered before anything else is loaded. */
const ASKS_FOR_VERSION = ['--version', '-V']

async function run(args: readonly string[]): Promise<number> {
  if (args.length === 1 && ASKS_FOR_VERSION.includes(args[0] as string)) {
    await answer(packageVersion)
    return EXIT.pass
  }
  const { parse } = await import('./commands/parse.ts')
  const asked = await parse(args)
  if ('words' in asked) {
    await answer(asked.words)
    return EXIT.pass
  }
  const { command, given, operands } = asked
  if (!command.makesThings) await leaveSignals()
  return await command.run(given as never, operands)
}

/** Runs a command line, and returns the exit code; from its call on it listens to signals. Throws what nobody here expects. */
export async function main(args: readonly string[]): Promise<number> {
  watchSignals()
  try {
    return await run(args)
  } catch (error) {
    return report(error, args)
  }
}
