import { join } from 'node:path'
import { execa } from 'execa'
import { MachineError } from '../harness/process/machine-error.ts'
import { EXIT } from '../matrix/exit-code.ts'
import { packageRoot } from '../matrix/package-root.ts'
import type { TestReport } from '../matrix/test-subject/report.ts'
import { runsOf } from './from-report.ts'
import type { Run } from './result.ts'
import type { FailedRow, Row } from './row.ts'

const CLI = join('dist', 'matrix', 'cli.js')
const VERDICTS: readonly (number | undefined)[] = [EXIT.pass, EXIT.fail, EXIT.inconclusive]

/** The arguments of `pullplug` that run a description with one seed, as they would be typed. */
export const testArguments = (row: Row, description: string, seed: number): string[] => [
  'test',
  `subjects/${description}`,
  ...['--tier', row.tier],
  ...['--fs', row.fileSystems.join(',')],
  ...['--seed', String(seed)],
  ...['--seconds', String(row.seconds)],
]

/**
 * Runs a description with one seed through the public command line; of an error that is named, its failures alone are
 * told. Throws a `MachineError` where it gives no report, and what `signal` was aborted with.
 */
export async function runTest(
  row: Row,
  description: string,
  seed: number,
  signal: AbortSignal,
  error?: FailedRow['error'],
): Promise<Run[]> {
  const line = testArguments(row, description, seed)
  // It undoes what it makes, and must be asked once, and by us: a terminal's Ctrl-C would reach it as well.
  const end = await execa(process.execPath, [CLI, ...line, '--json'], {
    cwd: packageRoot,
    detached: true,
    cancelSignal: signal,
    forceKillAfterDelay: false,
    reject: false,
    stdin: 'ignore',
  })
  signal.throwIfAborted()
  if (VERDICTS.includes(end.exitCode) && end.stdout !== '') {
    return runsOf(JSON.parse(end.stdout) as TestReport, error)
  }
  const said = end.stderr.trim().split('\n').slice(-2).join('; ')
  throw new MachineError(
    end.exitCode === EXIT.missing ? 'MISSING' : 'BROKEN',
    `subjects/${description} could not be tested: ${said}`,
    'Run npm ci --prefix subjects, and then npx pullplug check on that description.',
    { cause: end },
  )
}
