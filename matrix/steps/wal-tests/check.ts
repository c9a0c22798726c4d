import type { RunRecord, StepRecord } from '../../evidence/types.ts'
import { withoutShard } from '../check-concluded.ts'
import { looksProblem } from '../check-looks.ts'
import { concludeWalTests, drawsOf, NO_TESTS } from './conclude.ts'

type WalTests = Extract<StepRecord, { name: 'wal-tests' }>

/** What of the log's tests does not follow from how many passed, failed and were skipped. */
export function walTestsProblem(step: WalTests, run: RunRecord): string | null {
  const { passed, failed, skipped, draws, verdict, confirmations } = step
  const { taken, agreed } = confirmations
  const looks = looksProblem(step, run)
  if (looks !== null) return looks
  const reason = withoutShard(step.reason, run)
  const counted = passed + failed + skipped
  if (verdict === 'skipped') {
    if (reason !== NO_TESTS)
      return 'the wal-tests step was skipped for another reason than there is'
    return counted + draws === 0 ? null : 'the wal-tests step was skipped and counts tests'
  }
  if (verdict === 'inconclusive' && counted + draws === 0) return null
  if (draws !== drawsOf(run.runtime)) {
    return `the log’s tests made ${draws} draws, and ${drawsOf(run.runtime)} are made there`
  }
  const concluded = concludeWalTests({ passed, failed, skipped, draws }, undefined, null)
  if (concluded.verdict === 'fail' && !reason?.startsWith(`${failed} tests of the log failed, `)) {
    return 'the wal-tests step does not say how many tests failed'
  }
  const why = concluded.verdict === 'inconclusive' ? `: ${concluded.reason}` : ''
  // The runner can fail when every test has passed.
  if (verdict === concluded.verdict) return null
  // A test failed once, and not when all were run again.
  if (verdict === 'inconclusive' && concluded.verdict === 'fail' && agreed < taken) return null
  return verdict === 'inconclusive' && concluded.verdict === 'pass'
    ? null
    : `the wal-tests step says ${verdict}, and its tests come to ${concluded.verdict}${why}`
}
