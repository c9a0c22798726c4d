import { conclude, type Draft } from '../../testing/evidence.ts'
import type { Change, Lie } from './lie.ts'

/** Changes a control, and not the pass that it belies. */
const named =
  (name: string, change: object): Change =>
  ({ kill }) =>
    Object.assign(kill.controls.find((control) => control.name === name) ?? {}, change)

const controls =
  (change: (controls: Draft['kill']['controls']) => void): Change =>
  (draft) => {
    change(draft.kill.controls)
    conclude(draft)
  }

/** What is said of the controls of the kill tier. */
export const LIES_ABOUT_CONTROLS: Lie[] = [
  [
    'a control that was left out',
    controls((all) => all.splice(2, 1)),
    'its control sequence-not-restored is not there',
  ],
  [
    'a control that stands twice',
    controls((all) => all.push({ ...(all[0] as (typeof all)[0]) })),
    'its control safe-point-first is there twice',
  ],
  [
    'a control of its own',
    controls((all) => all.push({ ...(all[0] as (typeof all)[0]), name: 'of-its-own' })),
    'it has a control that is none of this version',
  ],
  [
    'controls in another order',
    controls((all) => all.reverse()),
    'its control safe-point-before-sync is out of order',
  ],
  ['no control', controls((all) => all.splice(0)), 'its control safe-point-first is not there'],
  [
    'another defect',
    named('no-truncation', { defect: 'nothing is broken' }),
    'its control no-truncation has another defect than is told',
  ],
  [
    'a control that need not be caught',
    named('structural-end', {
      expectation: 'unseen',
      why: 'it is hard',
      caught: false,
      failure: null,
      by: null,
    }),
    'its control structural-end is expected to be unseen, and must be caught',
  ],
  [
    'a control that must be caught',
    named('no-sync', { expectation: 'caught', why: null }),
    'its control no-sync is expected to be caught, and must be unseen',
  ],
  [
    'another reason why it can’t be shown',
    named('no-sync', { why: 'it is hard' }),
    'its control no-sync gives another reason why it can’t be shown',
  ],
  [
    'a control that was caught by nothing',
    named('no-truncation', { failure: null }),
    'its control no-truncation was caught by no failure',
  ],
  [
    'a control that nothing showed',
    named('structural-end', { by: null }),
    'its control structural-end was caught, and nothing showed it',
  ],
  [
    'a control that failed and was not caught',
    named('bad-json-skipped', { caught: false }),
    'its control bad-json-skipped was not caught, and failed',
  ],
  [
    'a control that was caught as something else',
    named('sequence-not-restored', { failure: 'hole' }),
    'the kill step says pass, and its parts come to inconclusive: its control sequence-not-restored fared otherwise than in memory: hole in 4 iterations (phantom (frame)), and there wrong-next-seq in 4 iterations (phantom (frame))',
  ],
  [
    'a control that was shown by something else',
    named('safe-seq-in-place', { by: 'phantom (frame)' }),
    'the kill step says pass, and its parts come to inconclusive: its control safe-seq-in-place fared otherwise than in memory: refused in 16 iterations (phantom (frame)), and there refused in 16 iterations (writer killed at append 2: after safe-seq-open (operation 33))',
  ],
  [
    'a control that took fewer iterations',
    named('safe-point-first', { iterations: 12 }),
    'the kill step says pass, and its parts come to inconclusive: its control safe-point-first fared otherwise than in memory: refused in 12 iterations (writer killed at append 2: after safe-seq-tmp-rename (operation 38)), and there refused in 24 iterations (writer killed at append 2: after safe-seq-tmp-rename (operation 38))',
  ],
  [
    'a control that was never tried',
    named('acknowledged-early', { iterations: 0 }),
    'its control acknowledged-early was caught and never tried',
  ],
  [
    'a control that no SIGKILL can show and that was caught',
    named('safe-point-before-sync', { caught: true, failure: 'refused', by: 'phantom (frame)' }),
    'the kill step says pass, and its parts come to inconclusive: its control safe-point-before-sync fared otherwise than in memory: refused in 30 iterations (phantom (frame)), and there nothing in 30 iterations',
  ],
  [
    'a missed control',
    (draft) => {
      named('no-truncation', { caught: false, failure: null, by: null })(draft)
      Object.assign(draft.kill, { verdict: 'pass', reason: null })
      Object.assign(draft.run, { verdict: 'pass', pass: true })
    },
    'the kill step says pass, and its parts come to inconclusive: the run missed its control no-truncation, so it proves nothing',
  ],
]
