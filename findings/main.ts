import { MachineError } from '../harness/process/machine-error.ts'
import { answer } from '../matrix/answer.ts'
import { UsageError } from '../matrix/commands/usage-error.ts'
import { EXIT } from '../matrix/exit-code.ts'
import { Interrupted, interruptible, watchSignals } from '../matrix/interrupt.ts'
import { createProgress } from '../matrix/progress.ts'
import { exitCodeOfOutcomes } from './exit-code.ts'
import { HELP, optionsOf } from './options.ts'
import { ROWS_BY_NAME, readResults, writeResults } from './read.ts'
import { type Decided, renderFindings } from './render.ts'
import type { Row } from './row.ts'
import { runRow } from './run-row.ts'
import { writePage } from './told.ts'

const progress = createProgress()

async function run(args: readonly string[]): Promise<number> {
  const { names, seconds, write, help } = optionsOf(args, [...ROWS_BY_NAME.keys()])
  if (help) {
    await answer(HELP)
    return EXIT.pass
  }
  const all: Decided[] = []
  await interruptible(async (signal) => {
    for (const name of names) {
      const told = ROWS_BY_NAME.get(name) as Row
      const row = seconds === null ? told : { ...told, seconds }
      progress.line(`${name}: ${row.title}`)
      const made = await runRow(row, { signal, tell: (text) => progress.line(text) })
      all.push({ name, row, ...made })
      if (!write) continue
      const results = { ...readResults(), [name]: made.result }
      writeResults(results)
      writePage(results)
    }
  })
  await answer(renderFindings(all))
  return exitCodeOfOutcomes(all.map(({ decision }) => decision.outcome))
}

function exitCodeOfError(error: unknown): number {
  if (error instanceof UsageError) {
    progress.line(`findings: ${error.message} (npm run findings -- --help shows what there is)`)
    return EXIT.usage
  }
  if (error instanceof Interrupted) {
    progress.line(`findings: ${error.message}; what was half made is undone`)
    return error.exitCode
  }
  if (error instanceof MachineError) {
    progress.line(`findings: ${error.message}`)
    progress.line(`  ${error.remedy}`)
    return error.code === 'MISSING' ? EXIT.missing : EXIT.broken
  }
  throw error
}

// Node ends by 1 when something goes wrong that nobody caught, and 1 is for findings that no longer show.
process.exitCode = EXIT.broken
process.on('uncaughtException', (error) => {
  process.stderr.write(`findings broke: ${error.stack}\n`)
  process.exit(EXIT.broken)
})
watchSignals()
try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  process.exitCode = exitCodeOfError(error)
}
