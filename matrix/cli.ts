#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { MachineError } from '../harness/process/machine-error.ts'
import { cellsCommand } from './commands/cells.ts'
import { doctorCommand } from './commands/doctor.ts'
import { exportCommand } from './commands/export.ts'
import { gateCommand } from './commands/gate.ts'
import { matrixCommand } from './commands/matrix.ts'
import { mergeCommand } from './commands/merge.ts'
import { replayCommand } from './commands/replay.ts'
import { setupCommand } from './commands/setup.ts'
import { verifyCommand } from './commands/verify.ts'
import { EXIT } from './exit-code.ts'
import { Interrupted } from './interrupt.ts'
import { packageVersion } from './package-root.ts'

const COMMANDS = [
  matrixCommand,
  setupCommand,
  replayCommand,
  exportCommand,
  verifyCommand,
  mergeCommand,
  gateCommand,
  cellsCommand,
  doctorCommand,
]

/** What an error comes to: words on stderr, and an exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage
  if (error instanceof Interrupted) {
    process.stderr.write(
      `pullplug: ${error.message}; what was made is undone, and the unfinished run left no evidence\n`,
    )
    return error.exitCode
  }
  if (error instanceof MachineError) {
    process.stderr.write(`pullplug: ${error.message}\n  ${error.remedy}\n`)
    return error.code === 'MISSING' ? EXIT.missing : EXIT.broken
  }
  process.stderr.write(
    `pullplug broke, which is its own fault and says nothing about the log:\n${(error as Error).stack}\n`,
  )
  return EXIT.broken
}

async function main(): Promise<number> {
  let exitCode: number = EXIT.pass
  const done = (code: number): void => {
    exitCode = code
  }
  const program = new Command('pullplug')
    .description(
      'pulls the plug on a write-ahead log, and checks that what it promised is still there',
    )
    .version(packageVersion)
    .showHelpAfterError('(--help shows what there is)')
  for (const command of COMMANDS) {
    program.addCommand(command(done).copyInheritedSettings(program).exitOverride())
  }
  program.exitOverride()
  try {
    await program.parseAsync()
    return exitCode
  } catch (error) {
    return report(error)
  }
}

process.exitCode = await main()
