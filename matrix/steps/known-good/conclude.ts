import type { VerifyReport } from '../../../subjects/wal/verify/report.ts'
import type { Looked } from '../look-twice.ts'
import type { StepOutcome } from '../row.ts'

/** The five entries, fixed: every architecture writes the same ones. */
export const FIVE_ENTRIES = ['boot', 'arm', 'reading', 'disarm', 'shutdown'].map(
  (event, index) => ({
    event,
    at: `2026-01-01T00:00:0${index}Z`,
    value: index * 1.5,
  }),
)

/** What is wrong with the five entries, in a sentence; null when nothing is. */
export function problemWithFive({
  pass,
  counts,
  firstOffence,
}: Pick<VerifyReport, 'pass' | 'counts' | 'firstOffence'>): string | null {
  const entries = counts.committedFrames
  if (pass && entries === FIVE_ENTRIES.length) return null
  return (
    firstOffence?.detail ?? `the verifier finds ${entries} entries and not ${FIVE_ENTRIES.length}`
  )
}

/** What the verifier's report on the known-good log comes to. */
export function concludeKnownGood(
  report: Pick<VerifyReport, 'pass' | 'counts' | 'firstOffence'>,
  { disagreement, confirmations }: Pick<Looked<unknown>, 'disagreement' | 'confirmations'>,
): Extract<StepOutcome, { name: 'known-good' }> {
  const entries = report.counts.committedFrames
  const problem = problemWithFive(report)
  return {
    name: 'known-good',
    verdict: problem === null ? 'pass' : disagreement === null ? 'fail' : 'inconclusive',
    reason: problem === null ? null : (disagreement ?? problem),
    confirmations,
    entries,
    verified: problem === null,
  }
}
