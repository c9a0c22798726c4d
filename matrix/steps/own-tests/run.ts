import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../../../harness/subject/run-command.ts'
import { lookTwice } from '../look-twice.ts'
import { describedOf, type StepContext, type StepOutcome } from '../row.ts'
import { concludeOwnTests } from './conclude.ts'

const TIMEOUT_MS = 300_000

/** Runs the tests that the subject's description names, and a second time where they fail. */
export async function runOwnTests(
  context: StepContext,
): Promise<Extract<StepOutcome, { name: 'own-tests' }>> {
  const { root, signal, progress, title } = context
  const { subject } = describedOf(context)
  const { tests: command } = subject.description
  if (command === undefined) throw new Error('its description names no tests')
  progress.now(`${title} its own tests`)
  const runIn = async (folder: string): Promise<string | null> => {
    const directory = join(root, folder)
    mkdirSync(directory)
    const environment = { TMPDIR: directory }
    return await runCommand({ subject, command, timeoutMs: TIMEOUT_MS, environment, signal })
  }
  const folders = { first: 'own-tests', second: 'own-tests-again' }
  return concludeOwnTests(
    await lookTwice(
      (look) => runIn(folders[look]),
      (problem) => problem,
    ),
  )
}
