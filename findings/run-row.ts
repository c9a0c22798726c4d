import { type Decision, decide, shows } from './decide.ts'
import type { Result, Run } from './result.ts'
import type { FailedRow, Row } from './row.ts'
import { runTest } from './run-test.ts'
import { thisMachine, versionOf } from './version.ts'

export interface RunRowOptions {
  signal: AbortSignal
  tell: (line: string) => void
}

function inWords(row: Row, what: string, run: Run): string {
  const { fileSystem, seed, verdict, failed, cases, contents } = run
  const judged = contents === null ? '' : `, ${contents} contents`
  const shown = row.kind !== 'kept' && what === '' && shows(row, run) ? ', which shows it' : ''
  return `  ${what}seed ${seed} on ${fileSystem}: ${verdict}, ${failed} of ${cases} cases failed${judged}${shown}`
}

/** Runs a finding's subject with every seed, and then its cured variant. Throws as `runTest` does. */
export async function runRow(
  row: Row,
  { signal, tell }: RunRowOptions,
): Promise<{ result: Result; decision: Decision }> {
  const version = versionOf(row.version)
  const run = async (
    description: string,
    what: string,
    error?: FailedRow['error'],
  ): Promise<Run[]> => {
    const runs: Run[] = []
    for (const seed of row.seeds) {
      const made = await runTest(row, description, seed, signal, error)
      for (const each of made) tell(inWords(row, what, each))
      runs.push(...made)
    }
    return runs
  }
  const runs = await run(row.description, '', row.kind === 'kept' ? undefined : row.error)
  const cured = row.kind === 'kept' ? [] : await run(row.cured, 'cured, ')
  const result = { version, machine: thisMachine(), seconds: row.seconds, runs, cured }
  return { result, decision: decide(row, result) }
}
