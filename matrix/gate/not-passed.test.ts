import { expect, test } from 'vitest'
import type { IterationRecord, StepRecord } from '../evidence/types.ts'
import { conclude, type Draft, skipPowerCut, skipWalTests, stepOf } from '../testing/evidence.ts'
import { failingState } from '../testing/failing-state.ts'
import { decisionOn, honestDraft } from './testing/lie.ts'
import { failing } from './testing/lies-about-errors.ts'

const changed = (draft: Draft, change: (draft: Draft) => unknown): Draft => {
  change(draft)
  return draft
}

function undelivered(record: IterationRecord): void {
  Object.assign(record, {
    verdict: 'inconclusive',
    delivered: false,
    faults: record.faults.slice(0, 1),
    reason: 'the writer was not killed at its point: it gave no end in 30000 ms',
  })
}

/** A step that could not be made: nothing of it is left. */
function unmade(name: StepRecord['name'], counts: object): (draft: Draft) => void {
  return (draft) => {
    const reason = 'there is no room for a volume'
    Object.assign(stepOf(draft, name), { verdict: 'inconclusive', reason, ...counts })
    Object.assign(draft.run, { verdict: 'inconclusive', pass: false })
  }
}

const failedTo = (name: StepRecord['name'], reason: string, counts: object = {}) => {
  return (draft: Draft): void => {
    Object.assign(stepOf(draft, name), { verdict: 'fail', reason, ...counts })
    Object.assign(draft.run, { verdict: 'fail', pass: false })
  }
}

/** Runs that did not pass, and what the gate is to say of them: what came of them, not that they lie. */
const OTHERS: [string, () => Draft, string][] = [
  [
    'a control that was run to see it fail',
    () => honestDraft({ subject: 'safe-seq-in-place', iterations: 12 }),
    'it ran safe-seq-in-place, a subject broken on purpose',
  ],
  [
    'every point of a control',
    () => honestDraft({ subject: 'no-truncation', iterations: null }),
    'it ran no-truncation, a subject broken on purpose',
  ],
  [
    'a case of an error that was acknowledged falsely',
    () =>
      changed(
        honestDraft(),
        failing(() => {}),
      ),
    'it failed: io-error: 1 of 60 cases failed: false-success',
  ],
  [
    'an iteration that lost what was acknowledged',
    () =>
      changed(honestDraft({ iterations: 6 }), (draft) => {
        const detail = '6 entries were acknowledged and 4 came back'
        const failures = [{ name: 'acked-lost', detail }]
        Object.assign(draft.iterations[2] ?? {}, { verdict: 'fail', recovered: 4, failures })
        conclude(draft)
      }),
    'it failed: kill: 1 of 6 iterations failed: acked-lost',
  ],
  [
    'an iteration that refused',
    () =>
      changed(honestDraft({ iterations: 6 }), (draft) => {
        const failures = [{ name: 'refused', detail: 'SAFESEQ_WRONG_LENGTH' }]
        Object.assign(draft.iterations[0] ?? {}, { verdict: 'fail', recovered: null, failures })
        conclude(draft)
      }),
    'it failed: kill: 1 of 6 iterations failed: refused',
  ],
  [
    'a fault that was not delivered',
    () =>
      changed(honestDraft(), (draft) => {
        undelivered(draft.iterations[1] as IterationRecord)
        conclude(draft)
      }),
    'it is inconclusive: kill: 1 of 2 iterations are inconclusive: the writer was not killed at its point: it gave no end in 30000 ms',
  ],
  [
    'an iteration that could not be begun',
    () =>
      changed(honestDraft(), (draft) => {
        undelivered(draft.iterations[0] as IterationRecord)
        Object.assign(draft.iterations[0] ?? {}, { faults: [], acked: 0, recovered: null })
        conclude(draft)
      }),
    'it is inconclusive: kill: 1 of 2 iterations are inconclusive: the writer was not killed at its point: it gave no end in 30000 ms',
  ],
  [
    'a missed control',
    () =>
      changed(honestDraft(), (draft) => {
        const missed = { caught: false, failure: null, by: null, iterations: 18 }
        Object.assign(draft.kill.controls[3] ?? {}, missed)
        conclude(draft)
      }),
    'it missed its control no-truncation',
  ],
  [
    'a control that fared otherwise than it does in memory',
    () =>
      changed(honestDraft(), (draft) => {
        Object.assign(draft.kill.controls[0] ?? {}, { iterations: 15 })
        conclude(draft)
      }),
    'it is inconclusive: kill: its control safe-point-first fared otherwise than in memory',
  ],
  [
    'kills that could not be made',
    () =>
      changed(honestDraft(), (draft) => {
        const none = { iterations: 0, delivered: 0, passed: 0, controls: [] }
        unmade('kill', none)(draft)
        draft.iterations.length = 0
        draft.logRecords.length = 0
      }),
    'it delivered no fault',
  ],
  [
    'tests that failed',
    () =>
      changed(
        honestDraft(),
        failedTo('wal-tests', '2 tests of the log failed, the first: open', {
          passed: 233,
          failed: 2,
          confirmations: { taken: 1, agreed: 1, durationMs: 1 },
        }),
      ),
    'it failed: wal-tests: 2 tests of the log failed, the first: open',
  ],
  [
    'tests whose runner failed',
    () =>
      changed(honestDraft(), (draft) => {
        unmade('wal-tests', { reason: 'the test runner failed: Error: ENOMEM' })(draft)
      }),
    'it is inconclusive: wal-tests: the test runner failed: Error: ENOMEM',
  ],
  [
    'tests that are not there in a gated cell',
    () => changed(honestDraft(), skipWalTests),
    'the log’s own tests did not run: the log’s tests are not here: they run from a checkout',
  ],
  [
    'a known-good log with a phantom',
    () =>
      changed(honestDraft(), (draft) => {
        const detail = '9 bytes stand beyond the committed range'
        const { counts } = draft.verifyReport as NonNullable<Draft['verifyReport']>
        Object.assign(counts, {
          walBytes: counts.walBytes + 9,
          bytesBeyondSafePoint: 9,
          offences: 1,
        })
        const firstOffence = { rule: 'R5_NO_PHANTOMS', offsetBytes: 342, seq: '5', detail }
        Object.assign(draft.verifyReport ?? {}, {
          R5_NO_PHANTOMS: false,
          pass: false,
          firstOffence,
          offences: [firstOffence],
        })
        conclude(draft)
      }),
    'it failed: known-good: 9 bytes stand beyond the committed range',
  ],
  [
    'a known-good log that could not be written',
    () =>
      changed(honestDraft(), (draft) => {
        unmade('known-good', { entries: 0, verified: false })(draft)
        draft.verifyReport = null
      }),
    'it is inconclusive: known-good: there is no room for a volume',
  ],
  [
    'a rename that left a mix',
    () =>
      changed(
        honestDraft(),
        failedTo('atomic-rename', 'killed at one point, the target holds a mix', { old: 11 }),
      ),
    'it failed: atomic-rename: killed at one point, the target holds a mix',
  ],
  [
    'a pair that lost what was acknowledged',
    () =>
      changed(honestDraft(), (draft) => {
        const failures = [{ name: 'acked-lost', detail: '5 entries were acknowledged' }]
        Object.assign(draft.portability?.pairs[0] ?? {}, { passed: 2, verdict: 'fail', failures })
        conclude(draft)
      }),
    'it failed: portability: written on amd64 and recovered on amd64: acked-lost: 5 entries were acknowledged',
  ],
  [
    'portability that could not be found out',
    () =>
      changed(honestDraft(), (draft) => {
        unmade('portability', { pairs: 0, passed: 0 })(draft)
        draft.portability = null
      }),
    'it is inconclusive: portability: there is no room for a volume',
  ],
  [
    'a state that lost what was acknowledged',
    () =>
      changed(honestDraft(), (draft) => {
        failingState(draft)
        Object.assign(draft.powerCut?.states ?? {}, { failed: 1 })
        conclude(draft)
      }),
    'it failed: power-cut: 1 of 100 states failed: acked-lost',
  ],
  [
    'failures in the states that would have been read without the kernel',
    () =>
      changed(honestDraft(), (draft) => {
        failingState(draft)
        Object.assign(draft.powerCut?.states ?? {}, { failed: 1, unconfirmed: 2 })
        Object.assign(draft.powerCut ?? {}, { injector: { compared: 0, agreed: 0 } })
        conclude(draft)
      }),
    'it failed: power-cut: 1 of 100 states failed, and 2 more by one look alone: acked-lost',
  ],
  [
    'a state that could not be judged',
    () =>
      changed(honestDraft(), (draft) => {
        const notJudged = 'it does not mount: ECANCELED'
        const looked = { acked: 0, recovered: null, failures: [], notJudged }
        Object.assign(failingState(draft), looked)
        Object.assign(draft.powerCut?.states ?? {}, { unjudged: 1 })
        conclude(draft)
      }),
    'it is inconclusive: power-cut: 1 of 100 states could not be judged: it does not mount: ECANCELED',
  ],
  [
    'power cuts that could not be made',
    () =>
      changed(honestDraft(), (draft) => {
        unmade('power-cut', { states: 0, failed: 0 })(draft)
        draft.powerCut = null
        draft.recordings.clear()
      }),
    'it is inconclusive: power-cut: there is no room for a volume',
  ],
  [
    'power that was not cut in a gated cell',
    () => changed(honestDraft(), skipPowerCut),
    'its power was never cut: it needs root',
  ],
  [
    'a gated cell under an emulator',
    () => honestDraft({ arch: 'arm64', emulatedOn: 'amd64' }),
    'it ran under qemu-user, which does not stand for a native machine',
  ],
]

test.each(OTHERS)('the gate tells what came of a run with %s', async (_, make, reason) => {
  const decision = await decisionOn(make())
  expect(decision.result).toBe('fail')
  expect(decision.reason).toContain(`run-1: ${reason}`)
})
