import type { VerifyReport } from '../../../subjects/wal/verify/report.ts'
import { conclude, stepOf } from '../../testing/evidence.ts'
import type { Change, Lie } from './lie.ts'

const report =
  (change: (report: VerifyReport) => void): Change =>
  (draft) => {
    if (draft.verifyReport !== null) change(draft.verifyReport)
    conclude(draft)
  }

const step =
  (name: Parameters<typeof stepOf>[1], change: object): Change =>
  (draft) =>
    void Object.assign(stepOf(draft, name), change)

const spoiled =
  (name: Parameters<typeof stepOf>[1], change: object, verdict: 'fail' | 'inconclusive'): Change =>
  (draft) => {
    step(name, change)(draft)
    Object.assign(draft.run, { verdict, pass: false })
  }

const first = <T>(all: T[]): T => all[0] as T

/** What the other steps say, and the whole of them. */
export const LIES_ABOUT_STEPS: Lie[] = [
  // All steps.
  [
    'a step that was left out',
    ({ run }) => run.steps.splice(3, 1),
    'its steps are wal-tests, kill, known-good, portability, power-cut, io-error',
  ],
  [
    'steps in another order',
    ({ run }) => run.steps.reverse(),
    'its steps are io-error, power-cut, portability, atomic-rename, known-good, kill, wal-tests',
  ],
  [
    'a step that stands twice',
    ({ run }) => run.steps.push(structuredClone(first(run.steps))),
    'its steps are wal-tests, kill, known-good, atomic-rename, portability, power-cut, io-error, wal-tests',
  ],
  [
    'a reason in a step that passes',
    step('known-good', { reason: 'all is well' }),
    'the known-good step passes and gives a reason not to',
  ],
  [
    'a step that fails and not why',
    step('atomic-rename', { verdict: 'fail' }),
    'the atomic-rename step says fail and not why',
  ],
  [
    'a kill step that was skipped',
    step('kill', { verdict: 'skipped', reason: 'there was no time' }),
    'the kill step was skipped, and it never is',
  ],
  [
    'a verdict that its steps do not come to',
    ({ run }) => Object.assign(run, { verdict: 'inconclusive', pass: false }),
    'its verdict does not follow from its steps',
  ],
  [
    'a pass that is no verdict of pass',
    ({ run }) => Object.assign(run, { pass: false }),
    'its pass contradicts its verdict',
  ],
  // The log's own tests.
  [
    'tests that none passed',
    step('wal-tests', { passed: 0 }),
    'the wal-tests step says pass, and its tests come to inconclusive: no test of the log ran',
  ],
  [
    'a part of the tests',
    step('wal-tests', { passed: 199 }),
    'the wal-tests step says pass, and its tests come to inconclusive: only 199 tests of the log ran, and it has at least 200',
  ],
  [
    'tests that failed',
    step('wal-tests', { failed: 1 }),
    'the wal-tests step does not say how many tests failed',
  ],
  [
    'tests that were skipped',
    step('wal-tests', { skipped: 236 }),
    'the wal-tests step says pass, and its tests come to inconclusive: 236 tests of the log were skipped, and 235 ran',
  ],
  [
    'fewer draws',
    step('wal-tests', { draws: 100 }),
    'the log’s tests made 100 draws, and 2000 are made there',
  ],
  [
    'tests that were skipped for want of time',
    step('wal-tests', { verdict: 'skipped', reason: 'no time', passed: 0, draws: 0 }),
    'the wal-tests step was skipped for another reason than there is',
  ],
  [
    'failed tests as inconclusive',
    spoiled(
      'wal-tests',
      { verdict: 'inconclusive', reason: '2 tests of the log failed, the first: open', failed: 2 },
      'inconclusive',
    ),
    'the wal-tests step says inconclusive, and its tests come to fail',
  ],
  [
    'second looks at tests that passed',
    step('wal-tests', { confirmations: { taken: 1, agreed: 1, durationMs: 1 } }),
    'the wal-tests step took second looks that do not follow from its tests',
  ],
  // The known-good log.
  [
    'a pass of the verifier over a broken rule',
    report((each) => Object.assign(each, { R5_NO_PHANTOMS: false })),
    'wal_verify.json says pass, and its rules come to the other',
  ],
  [
    'a failure of the verifier over none',
    report((each) => Object.assign(each, { pass: false })),
    'wal_verify.json says fail, and its rules come to the other',
  ],
  [
    'an offence in a pass',
    report((each) =>
      Object.assign(each, {
        firstOffence: { rule: 'R5_NO_PHANTOMS', offsetBytes: 9, seq: null, detail: 'bytes' },
      }),
    ),
    'wal_verify.json names an offence, or none, wrongly',
  ],
  [
    'a safe_seq that cannot be read',
    report((each) => Object.assign(each, { safeSeq: null })),
    'wal_verify.json contradicts its safe_seq',
  ],
  [
    'another safe_seq',
    report((each) => Object.assign(each, { safeSeq: '6' })),
    'wal_verify.json has another safeSeq than the five entries give',
  ],
  [
    'bytes beyond the safe point',
    report(({ counts }) => Object.assign(counts, { walBytes: counts.walBytes + 7 })),
    'wal_verify.json has bytes that do not add up',
  ],
  [
    'a longer log',
    report(({ counts }) => Object.assign(counts, { walBytes: 400, committedBytes: 400 })),
    'wal_verify.json has another walBytes than the five entries give',
  ],
  [
    'more committed frames than frames',
    report(({ counts }) => Object.assign(counts, { committedFrames: 6 })),
    'wal_verify.json has more committed frames than frames',
  ],
  [
    'a log of another directory',
    report((each) => Object.assign(each, { directory: '/elsewhere' })),
    'wal_verify.json is of another directory than the known-good log’s',
  ],
  [
    'no report',
    (draft) => Object.assign(draft, { verifyReport: null }),
    'the known-good step says pass without wal_verify.json',
  ],
  [
    'four entries',
    step('known-good', { entries: 4 }),
    'run.json counts 4 entries in the known-good step, and its parts have 5',
  ],
  [
    'a log that was not verified',
    step('known-good', { verified: false }),
    'run.json counts false verified in the known-good step, and its parts have true',
  ],
  // Atomic renames.
  [
    'no kill of a rename',
    step('atomic-rename', { crashes: 0, old: 0, new: 0 }),
    'the atomic-rename step says pass, and its parts come to inconclusive: no kill fell on the rename',
  ],
  [
    'one kill less',
    step('atomic-rename', { crashes: 14, old: 11 }),
    'the atomic-rename step says pass, and its parts come to inconclusive: 14 kills left the old content 11 times and the new one 3 times, and in memory 15 kills left the old content 12 times and the new one 3 times',
  ],
  [
    'kills on one side of the rename',
    step('atomic-rename', { old: 15, new: 0 }),
    'the atomic-rename step says pass, and its parts come to inconclusive: the kills did not fall on both sides of the rename',
  ],
  [
    'a kill that left neither content',
    step('atomic-rename', { old: 11 }),
    'the atomic-rename step found neither content after a kill, and does not fail',
  ],
  [
    'more contents than kills',
    step('atomic-rename', { old: 13 }),
    'the atomic-rename step found more contents than it made kills',
  ],
  [
    'one content more that is new',
    step('atomic-rename', { old: 11, new: 4 }),
    'the atomic-rename step says pass, and its parts come to inconclusive: 15 kills left the old content 11 times and the new one 4 times, and in memory 15 kills left the old content 12 times and the new one 3 times',
  ],
]
