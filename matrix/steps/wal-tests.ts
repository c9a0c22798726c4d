import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { CHILD_ENVIRONMENT } from '../../harness/process/environment.ts'
import type { Runtime } from '../../harness/process/runtime.ts'
import { ESBUILD } from '../esbuild.ts'
import { packageRoot } from '../package-root.ts'
import type { Step } from './step.ts'

const VITEST = join(packageRoot, 'node_modules', 'vitest', 'vitest.mjs')
const TESTS = join(packageRoot, 'wal', 'wal.test.ts')
const TIMEOUT_MS = 300_000

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: { assertionResults: { status: string; fullName: string }[] }[]
}

/** How many cases each property is held against; an emulated one takes fifty times as long. */
const DRAWS = { native: 2000, emulated: 100 }

/** How the test runner is run: without processes of its own where those could not be started. */
function runnerOf({ command, qemu, nodePath }: Runtime) {
  const draws = qemu === null ? DRAWS.native : DRAWS.emulated
  const [file, ...args] = command
  const environment = { ...CHILD_ENVIRONMENT, PULLPLUG_DRAWS: String(draws) }
  if (qemu === null) return { file, args: [...args, VITEST], flags: [], draws, environment }
  return {
    file,
    args: [...args, VITEST],
    flags: ['--pool=threads', '--no-isolate'],
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

/** The log's own tests, with their directories on the cell's file system. */
export const walTests: Step = {
  name: 'wal-tests',
  unmade: {
    name: 'wal-tests',
    verdict: 'inconclusive',
    reason: null,
    passed: 0,
    failed: 0,
    skipped: 0,
    draws: 0,
  },
  async run({ root, runtime, signal, progress, title }) {
    const unmade = { name: 'wal-tests' as const, passed: 0, failed: 0, skipped: 0, draws: 0 }
    if (!existsSync(VITEST) || !existsSync(TESTS)) {
      const reason =
        'the log’s tests are not here: they run from a checkout with its development dependencies'
      return { ...unmade, verdict: 'skipped', reason }
    }
    const directory = join(root, 'wal-tests')
    mkdirSync(directory)
    progress.now(`${title} the log’s own tests`)
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
      return { ...unmade, verdict: 'inconclusive', reason }
    }
    const failed = report.testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .find(({ status }) => status === 'failed')
    const counts = {
      name: 'wal-tests' as const,
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests,
      draws,
    }
    if (counts.failed > 0) {
      const reason = `${counts.failed} tests of the log failed, the first: ${failed?.fullName}`
      return { ...counts, verdict: 'fail', reason }
    }
    if (counts.passed === 0 || result.exitCode !== 0) {
      const reason =
        counts.passed === 0
          ? 'no test of the log ran'
          : `the test runner failed: ${errorIn(result.all) ?? result.shortMessage}`
      return { ...counts, verdict: 'inconclusive', reason }
    }
    return { ...counts, verdict: 'pass', reason: null }
  },
}
