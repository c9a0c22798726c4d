import type { PowerCutRecord } from '../../evidence/types.ts'
import { conclude } from '../../testing/evidence.ts'
import type { Change, Lie } from './lie.ts'

/** Changes the record, and then all that follows from it. */
const record =
  (change: (record: PowerCutRecord) => void): Change =>
  (draft) => {
    if (draft.powerCut !== null) change(draft.powerCut)
    conclude(draft)
  }

const control = (name: string, change: object): Change =>
  record(({ controls }) => {
    Object.assign(controls.find((each) => each.name === name) ?? {}, change)
  })

/** What is said of the controls of power cuts. */
export const LIES_ABOUT_POWER_CUT_CONTROLS: Lie[] = [
  [
    'a control of power cuts that was left out',
    record(({ controls }) => controls.splice(0, 1)),
    'its control no-log-sync is not there',
  ],
  [
    'a control of power cuts that stands twice',
    record(({ controls }) => controls.push({ ...(controls[1] as (typeof controls)[0]) })),
    'its control no-safe-point-sync is there twice',
  ],
  [
    'a control of power cuts of its own',
    record(({ controls }) => Object.assign(controls[9] ?? {}, { name: 'barriers-on' })),
    'its control barriers-off is not there',
  ],
  [
    'controls of power cuts in another order',
    record(({ controls }) => controls.reverse()),
    'its control barriers-off is out of order',
  ],
  [
    'another defect of its barriers',
    control('barriers-off', { defect: 'the log itself, on a disk that does nothing at a flush' }),
    'its control barriers-off has another defect than is told',
  ],
  [
    'a control of power cuts that need not be caught',
    control('no-directory-sync', {
      expectation: 'unseen',
      why: 'it is hard',
      caught: false,
      failure: null,
      by: null,
    }),
    'its control no-directory-sync is expected to be unseen, and must be caught',
  ],
  [
    'a name that a sync must make durable',
    control('log-name-not-synced', { expectation: 'caught', why: null }),
    'its control log-name-not-synced is expected to be caught, and must be unseen',
  ],
  [
    'another reason why a power cut can’t show it',
    control('log-name-not-synced', { why: 'it is hard' }),
    'its control log-name-not-synced gives another reason why it can’t be shown',
  ],
  [
    'a control of power cuts that was caught by nothing',
    control('no-log-sync', { failure: null }),
    'its control no-log-sync was caught by no failure',
  ],
  [
    'a control of power cuts that nothing showed',
    control('no-safe-point-sync', { by: null }),
    'its control no-safe-point-sync was caught, and nothing showed it',
  ],
  [
    'a control of power cuts that was never tried',
    control('rename-before-sync', { states: 0 }),
    'its control rename-before-sync was caught and never tried',
  ],
  [
    'a control that was tried in too many states',
    control('acknowledged-before-sync', { states: 385 }),
    'its control acknowledged-before-sync was tried in 385 states, and 384 are the most',
  ],
  [
    'a phantom that was lost',
    control('no-truncation', { failure: 'acked-lost' }),
    'its control no-truncation cannot have been caught as acked-lost',
  ],
  [
    'a failure that one recovery cannot show',
    control('no-sync', { failure: 'not-idempotent' }),
    'its control no-sync cannot have been caught as not-idempotent',
  ],
  [
    'a state that is none',
    control('safe-point-before-sync', {
      by: 'power cut at 29: prefix, 3 of 2 writes in flight kept',
    }),
    'its control safe-point-before-sync was shown by something that is no state',
  ],
  [
    'a missed control of power cuts',
    (draft) => {
      Object.assign(draft.powerCut?.controls[0] ?? {}, {
        caught: false,
        confirmedBy: [],
        failure: null,
        by: null,
      })
    },
    'the power-cut step says pass, and its parts come to inconclusive: it missed its control no-log-sync, so it proves nothing',
  ],
]
