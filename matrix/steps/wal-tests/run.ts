import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { NO_CONFIRMATIONS } from '../../../harness/oracle/second-look.ts'
import { CHILD_ENVIRONMENT } from '../../../harness/process/environment.ts'
import type { Runtime } from '../../../harness/process/runtime.ts'
import { ESBUILD } from '../../esbuild.ts'
import { packageRoot } from '../../package-root.ts'
import { lookTwice } from '../look-twice.ts'
import type { StepContext, StepOutcome } from '../row.ts'
import { concludeWalTests, drawsOf, NO_TESTS, UNMADE } from './conclude.ts'

const VITEST = join(packageRoot, 'node_modules', 'vitest', 'vitest.mjs')
const TESTS = join(packageRoot, 'wal', 'wal.test.ts')
const TIMEOUT_MS = 300_000

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: { assertionResults: { status: string; fullName: string }[] }[]
}

/** How the test runner is run: without processes of its own where those could not be started. */
function runnerOf(runtime: Runtime) {
  const { command, qemu, nodePath } = runtime
  const draws = drawsOf(runtime)
  const [file, ...args] = command
  const environment = { ...CHILD_ENVIRONMENT, PULLPLUG_DRAWS: String(draws) }
  // No test leaves anything to another one.
  const flags = ['--no-isolate']
  if (qemu === null) return { file, args: [...args, VITEST], flags, draws, environment }
  return {
    file,
    args: [...args, VITEST],
    flags: ['--pool=threads', ...flags],
    draws,
    // esbuild is a program of its own, which only translates: the host's does.
    environment: { ...environment, NODE_PATH: nodePath ?? '', ESBUILD_BINARY_PATH: ESBUILD },
  }
}

/** The report is the runner's last word, on a line of its own; a file would be written even when we are gone. */
function reportIn(stdout: string): VitestReport | undefined {
  const line = stdout.split('\n').findLast((each) => each.startsWith('{'))
  try {
    return line === undefined ? undefined : (JSON.parse(line) as VitestReport)
  } catch {
    return undefined
  }
}

/** The first line of the runner's output that tells of an error. */
function errorIn(output: string): string | undefined {
  return output.split('\n').find((line) => line.includes('Error'))
}

type Outcome = Omit<Extract<StepOutcome, { name: 'wal-tests' }>, 'confirmations'>

/** Runs the tests once, with their directories in a new folder. */
async function runTests({ root, runtime, signal }: StepContext, folder: string): Promise<Outcome> {
  const directory = join(root, folder)
  mkdirSync(directory)
  const { file, args, flags, draws, environment } = runnerOf(runtime)
  const result = await execa(
    file,
    [...args, 'run', '--project=wal', '--configLoader=runner', ...flags, '--reporter=json'],
    {
      cwd: packageRoot,
      env: { ...environment, TMPDIR: directory },
      extendEnv: false,
      reject: false,
      timeout: TIMEOUT_MS,
      cancelSignal: signal,
      all: true,
    },
  )
  signal.throwIfAborted()
  const report = reportIn(result.stdout)
  if (report === undefined) {
    const reason = `the tests gave no report: ${errorIn(result.all) ?? result.shortMessage}`
    return { ...UNMADE, verdict: 'inconclusive', reason }
  }
  const failed = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed')
  const { numPassedTests: passed, numFailedTests, numPendingTests: skipped } = report
  return concludeWalTests(
    { passed, failed: numFailedTests, skipped, draws },
    failed?.fullName,
    result.exitCode === 0
      ? null
      : `the test runner failed: ${errorIn(result.all) ?? result.shortMessage}`,
  )
}

/** Runs the log's own tests, with their directories on the cell's file system. */
export async function runWalTests(
  context: StepContext,
): Promise<Extract<StepOutcome, { name: 'wal-tests' }>> {
  if (!existsSync(VITEST) || !existsSync(TESTS)) {
    return { ...UNMADE, verdict: 'skipped', reason: NO_TESTS, confirmations: NO_CONFIRMATIONS }
  }
  const { progress, title } = context
  progress.now(`${title} the log’s own tests`)
  const folders = { first: 'wal-tests', second: 'wal-tests-again' }
  const { result, disagreement, confirmations } = await lookTwice(
    (look) => runTests(context, folders[look]),
    ({ verdict, reason }) => (verdict === 'fail' ? reason : null),
  )
  return disagreement === null
    ? { ...result, confirmations }
    : { ...result, verdict: 'inconclusive', reason: disagreement, confirmations }
}
