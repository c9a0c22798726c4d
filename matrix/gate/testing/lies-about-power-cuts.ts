import type { PowerCutRecord } from '../../evidence/types.ts'
import { conclude, powerCutStep, skipPowerCut } from '../../testing/evidence.ts'
import { failingState } from '../../testing/failing-state.ts'
import type { Change, Lie } from './lie.ts'

/** Changes the record, and then all that follows from it. */
const record =
  (change: (record: PowerCutRecord) => void): Change =>
  (draft) => {
    if (draft.powerCut !== null) change(draft.powerCut)
    conclude(draft)
  }

/** What power cuts say, of a run that was asked for 100 states and tried them in one round. */
export const LIES_ABOUT_POWER_CUTS: Lie[] = [
  // Whether the power was cut.
  [
    'a pass without its record',
    (draft) => {
      draft.powerCut = null
      draft.recordings.clear()
    },
    'the power-cut step says pass without power-cut.json',
  ],
  [
    'recordings without a record',
    (draft) => {
      skipPowerCut({ ...draft, recordings: new Map() })
      draft.powerCut = null
    },
    'there are recordings and no power-cut.json',
  ],
  ['power cuts that were skipped', skipPowerCut, 'its power was never cut: it needs root'],
  [
    'power cuts that were skipped for no need',
    (draft) => {
      skipPowerCut(draft)
      Object.assign(powerCutStep(draft), { reason: 'there was no time' })
    },
    'the power-cut step was skipped, and does not say what it needs',
  ],
  [
    'states that were skipped',
    (draft) => {
      skipPowerCut(draft)
      Object.assign(powerCutStep(draft), { states: 100 })
    },
    'the power-cut step counts states without power-cut.json',
  ],
  [
    'states that were tried and are said to be skipped',
    (draft) =>
      void Object.assign(powerCutStep(draft), { verdict: 'skipped', reason: 'it needs root' }),
    'the power-cut step says skipped, and its parts come to pass: nothing against it',
  ],
  // What was asked for.
  [
    'more states than it was asked for',
    ({ run }) => Object.assign(run.powerCut, { states: 90 }),
    'it was asked for 90 states and tried 100',
  ],
  [
    'fewer states than it was asked for',
    ({ run }) => Object.assign(run.powerCut, { states: 5000 }),
    'it was asked for 5000 states and tried 100',
  ],
  [
    'all states of a recording',
    ({ run }) => Object.assign(run.powerCut, { states: null, exhaustive: true }),
    'it was asked for 197 states and tried 100',
  ],
  [
    'writes torn elsewhere',
    ({ run }) => Object.assign(run.powerCut, { tearBytes: 4096 }),
    'the recording of round 1 is of writes torn at 512, and its run of 4096',
  ],
  [
    'another kind of ext4',
    ({ run }) => Object.assign(run.powerCut, { ext4: 'data=ordered' }),
    'the recording of round 1 is of the kind of ext4 none, and its run of data=ordered',
  ],
  // Counts.
  [
    'no state',
    record(({ states }) =>
      Object.assign(states, {
        tried: 0,
        inFull: 0,
        byKind: { prefix: 0, 'only-one': 0, 'all-but-one': 0, subset: 0, torn: 0 },
      }),
    ),
    'power-cut.json counts more markers than states',
  ],
  [
    'more states drawn',
    record(({ states }) => Object.assign(states, { drawn: states.drawn + 1 })),
    'power-cut.json counts 503 states that were drawn, and its recordings have 502',
  ],
  [
    'more states with an image of their own',
    record(({ states }) => Object.assign(states, { distinct: states.distinct + 1 })),
    'power-cut.json counts 198 states with an image of their own, and its recordings have 197',
  ],
  [
    'fewer states with an image than were tried',
    record(({ states }) => Object.assign(states, { distinct: 99 })),
    'power-cut.json tried 100 of 99 states of 502',
  ],
  [
    'kinds that do not add up',
    record(({ states }) => Object.assign(states.byKind, { torn: states.byKind.torn + 1 })),
    'power-cut.json counts 100 states, 101 by kind',
  ],
  [
    'one state of another kind',
    record(({ states: { byKind } }) =>
      Object.assign(byKind, { torn: byKind.torn - 1, prefix: byKind.prefix + 1 }),
    ),
    'power-cut.json counts 21 states of the kind prefix, and its recordings have 20',
  ],
  [
    'more different contents',
    record(({ states }) => Object.assign(states, { contents: states.contents + 1 })),
    'power-cut.json counts 6 different contents, and its recordings have 5',
  ],
  [
    'more contents than states',
    record(({ states, recordings }) => {
      states.contents = 101
      Object.assign(recordings[0] ?? {}, { contents: 101 })
    }),
    'it tells 101 contents of 100 states of round 1',
  ],
  [
    'a round of which fewer states were tried',
    record(({ recordings }) => Object.assign(recordings[0] ?? {}, { tried: 99 })),
    'it tried 99 states in its rounds, and was asked for 100',
  ],
  [
    'other contents in its step',
    (draft) => void Object.assign(powerCutStep(draft), { contents: 7 }),
    'run.json counts 7 contents in the power-cut step, and its parts have 5',
  ],
  [
    'more states in full',
    record(({ states }) => Object.assign(states, { inFull: 5 })),
    'power-cut.json counts 5 states that were judged in full, and its recordings have 4',
  ],
  [
    'a failed state that is not listed',
    record(({ states }) => Object.assign(states, { failed: 1 })),
    'power-cut.json counts problems and lists none',
  ],
  [
    'a failed state that is not counted',
    failingState,
    'power-cut.json lists more problems than it counts',
  ],
  [
    'another round',
    record((each) => Object.assign(each, { rounds: 2 })),
    'power-cut.json counts 2 rounds, and its recordings have 1',
  ],
  [
    'another entry',
    record((each) => Object.assign(each, { entries: each.entries + 1 })),
    'power-cut.json counts 9 entries, and its recordings have 8',
  ],
  [
    'a flush more',
    record(({ flushes }) =>
      Object.assign(flushes, { recorded: flushes.recorded + 1, counted: flushes.counted + 1 }),
    ),
    'power-cut.json counts 18 flushes, and its recordings have 17',
  ],
  [
    'a flush that the kernel did not count',
    (draft) => {
      Object.assign(draft.powerCut?.flushes ?? {}, { counted: 1 })
    },
    'the power-cut step says pass, and its parts come to inconclusive: the device saw 17 flushes and the kernel counted 1',
  ],
  [
    'more states with a marker',
    record(({ marker }) => Object.assign(marker, { states: marker.states + 1 })),
    'power-cut.json counts 90 states in which the marker could have been, and its recordings have 89',
  ],
  [
    'more markers gone than there were',
    record(({ marker }) => Object.assign(marker, { vanished: marker.states + 1 })),
    'power-cut.json counts more markers that were gone than there could be',
  ],
  [
    'a marker that was always there',
    (draft) => {
      Object.assign(draft.powerCut?.marker ?? {}, { vanished: 0 })
    },
    'the power-cut step says pass, and its parts come to inconclusive: what was never synced was there in every state',
  ],
  [
    'more states that e2fsck read',
    record(({ injector }) => Object.assign(injector, { compared: 3, agreed: 3 })),
    'power-cut.json counts 3 states that were read without the kernel, and its recordings have 2',
  ],
  [
    'more states that e2fsck agreed on than it read',
    record(({ injector }) => Object.assign(injector, { agreed: 3 })),
    'power-cut.json counts more states that e2fsck agreed on than it read',
  ],
  [
    'a state that e2fsck did not agree on',
    (draft) => {
      Object.assign(draft.powerCut?.injector ?? {}, { agreed: 1 })
    },
    'the power-cut step says pass, and its parts come to inconclusive: e2fsck and the kernel disagree about 1 of 2 states',
  ],
  [
    'other states in its step',
    (draft) => void Object.assign(powerCutStep(draft), { states: 101 }),
    'run.json counts 101 states in the power-cut step, and its parts have 100',
  ],
]
