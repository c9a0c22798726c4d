import { NO_CONFIRMATIONS } from '../../harness/oracle/second-look.ts'
import { expectedRenames } from '../../subjects/wal/expected/rename.ts'
import type { StepRecord } from '../evidence/types.ts'
import { verdictOf } from '../evidence/verdict.ts'
import { concludeAtomicRename } from '../steps/atomic-rename/conclude.ts'
import { concludeIoError } from '../steps/io-error/conclude.ts'
import { concludeKill } from '../steps/kill/conclude.ts'
import { concludeKnownGood } from '../steps/known-good/conclude.ts'
import { concludePortability } from '../steps/portability/conclude.ts'
import { concludePowerCut } from '../steps/power-cut/conclude.ts'
import { concludeWalTests, drawsOf } from '../steps/wal-tests/conclude.ts'

import type { Draft } from './draft.ts'

/** The steps that follow from the parts of a draft, and the verdict that follows from them. */
export function conclude(draft: Draft): void {
  const { run, iterations, kill, verifyReport, portability, powerCut, ioError } = draft
  const durationMs = 1
  const tests = { passed: 235, failed: 0, skipped: 0, draws: drawsOf(run.runtime) }
  const concluded = [
    { ...concludeWalTests(tests, undefined, null), confirmations: NO_CONFIRMATIONS },
    concludeKill(iterations, kill.controls),
    verifyReport &&
      concludeKnownGood(verifyReport, {
        disagreement: null,
        confirmations: verifyReport.pass
          ? NO_CONFIRMATIONS
          : { taken: 1, agreed: 1, durationMs: 1 },
      }),
    concludeAtomicRename({
      ...expectedRenames(),
      failures: [],
      disagreements: [],
      confirmations: NO_CONFIRMATIONS,
    }),
    portability && concludePortability(portability),
    powerCut && concludePowerCut(powerCut),
    ioError && concludeIoError(ioError),
  ]
  const steps = concluded.flatMap((step, at) =>
    step === null ? (run.steps[at] ?? []) : { ...step, durationMs },
  ) as StepRecord[]
  Object.assign(kill, steps[1])
  const verdict = verdictOf(steps)
  Object.assign(run, { steps: steps.with(1, kill), verdict, pass: verdict === 'pass' })
}
