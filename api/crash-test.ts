import type { TestReport } from '../matrix/test-subject/report.ts'
import { budgetArguments, shellLine, subjectArguments } from './arguments.ts'
import { checkOptions } from './check-options.ts'
import { errorOf } from './complaint.ts'
import type { CrashTestOptions } from './options.ts'
import { readReport } from './read-report.ts'
import type { CrashTestResult } from './result.ts'
import { runPullplug } from './run-pullplug.ts'

/**
 * Kills a subject at its file operations, cuts its power, and has its disk say no; returns what it withstood.
 *
 * For a test of vitest or node:test: it needs a time limit above the budget's, and the test's `signal`, by which what was
 * made is undone when the test runner stops it. As root it makes volumes of its own; without root it does what this
 * machine allows, and says in its result which tiers could not run and why.
 *
 * @example
 * ```js
 * import { crashTest } from 'pullplug'
 * import { test } from 'vitest'
 *
 * test('what the log acknowledged is there', async ({ signal }) => {
 *   await crashTest({
 *     subject: new URL('./log.js', import.meta.url),
 *     kind: 'log',
 *     promise: 'durable',
 *     signal,
 *   })
 * }, 120_000)
 * ```
 *
 * @throws {@link CrashTestError} where the subject breaks its promise or its contract. The message is the story, and ends
 * with the line that shows it again.
 * @throws {@link CannotMeasure} where nothing can be said: no tier could run, one of `mustRun` did not, a fault that must
 * be caught was missed, or the machine failed. It never passes in silence.
 * @throws `TypeError` where the options, or the description that they name, are not what they must be; and the signal's
 * reason where it was aborted.
 */
export async function crashTest(options: CrashTestOptions): Promise<CrashTestResult> {
  checkOptions(options)
  const subject = subjectArguments(options)
  const { signal, mustRun = [] } = options
  const ended = await runPullplug(
    ['test', ...subject, ...budgetArguments(options), '--json'],
    signal,
  )
  if (ended.stdout === '') {
    const checkLine = shellLine('check', subject)
    throw errorOf(ended, { subject: subject[0] ?? '', checkLine })
  }
  return readReport(JSON.parse(ended.stdout) as TestReport, mustRun)
}
