import type { RuntimeRecord, StepRecord } from '../../evidence/types.ts'
import type { StepOutcome } from '../row.ts'

/** How many cases each property is held against; an emulated one takes fifty times as long. */
const DRAWS = { native: 2000, emulated: 100 }

export const drawsOf = ({ qemu }: Pick<RuntimeRecord, 'qemu'>): number =>
  qemu === null ? DRAWS.native : DRAWS.emulated

/** The log has more tests than this; fewer are a part of them. */
const LEAST_TESTS = 200

/** Why the tests are not there, where the package was installed without them. */
export const NO_TESTS =
  'the log’s tests are not here: they run from a checkout with its development dependencies'

/** Of tests that did not run, but for why. */
export const UNMADE = { name: 'wal-tests', passed: 0, failed: 0, skipped: 0, draws: 0 } as const

/** What the counts of a test run come to: what failed first, and how the runner failed, if it did. */
export function concludeWalTests(
  counts: Pick<
    Extract<StepRecord, { name: 'wal-tests' }>,
    'passed' | 'failed' | 'skipped' | 'draws'
  >,
  failedFirst: string | undefined,
  runnerFailed: string | null,
): Omit<Extract<StepOutcome, { name: 'wal-tests' }>, 'confirmations'> {
  const { passed, failed, skipped } = counts
  const outcome = { name: 'wal-tests' as const, ...counts }
  if (failed > 0) {
    const reason = `${failed} tests of the log failed, the first: ${failedFirst}`
    return { ...outcome, verdict: 'fail', reason }
  }
  const why =
    passed === 0
      ? 'no test of the log ran'
      : passed < LEAST_TESTS
        ? `only ${passed} tests of the log ran, and it has at least ${LEAST_TESTS}`
        : skipped > passed
          ? `${skipped} tests of the log were skipped, and ${passed} ran`
          : runnerFailed
  return { ...outcome, verdict: why === null ? 'pass' : 'inconclusive', reason: why }
}
