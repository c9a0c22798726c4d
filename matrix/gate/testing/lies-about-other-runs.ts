import type { Asked } from '../../testing/draft.ts'
import { conclude, type Draft } from '../../testing/evidence.ts'
import type { Lie } from './lie.ts'

const settings = { states: null, exhaustive: false, tearBytes: 512, ext4: null } as const

const portability = (draft: Draft, change: (record: NonNullable<Draft['portability']>) => void) => {
  if (draft.portability !== null) change(draft.portability)
  conclude(draft)
}

const states = (
  draft: Draft,
  change: (states: NonNullable<Draft['powerCut']>['states']) => void,
) => {
  if (draft.powerCut !== null) change(draft.powerCut.states)
  conclude(draft)
}

/** Where both byte orders are at hand. */
const CROSSING: Partial<Asked> = { arch: 's390x', peers: ['arm64', 'amd64'] }
const EMULATED: Partial<Asked> = { arch: 'riscv64', fileSystem: 'xfs', emulatedOn: 'amd64' }
const EVERY_POINT: Partial<Asked> = { iterations: null }
const EXHAUSTIVE: Partial<Asked> = { powerCut: { ...settings, exhaustive: true } }
const IN_TIME: Partial<Asked> = { powerCut: settings }
const MANY: Partial<Asked> = { powerCut: { ...settings, states: 900 } }
const SHARD: Partial<Asked> = { iterations: 9, shard: { index: 2, of: 3 } }
const WORKING_DIRECTORY: Partial<Asked> = { fileSystem: 'workdir' }

/** What runs say that were asked for something else, or ran elsewhere. */
export const LIES_ABOUT_OTHER_RUNS: [asked: Partial<Asked>, ...Lie][] = [
  // Where both byte orders are at hand.
  [
    CROSSING,
    'a control of byte orders that need not be caught',
    (draft) =>
      portability(draft, ({ controls }) =>
        Object.assign(controls[0] ?? {}, {
          expectation: 'unseen',
          why: 'every architecture here has the same byte order',
        }),
      ),
    'its control native-byte-order is expected to be unseen, and must be caught',
  ],
  [
    CROSSING,
    'a control that another pair caught',
    (draft) =>
      portability(draft, ({ controls }) =>
        Object.assign(controls[0] ?? {}, { by: 'written on s390x and recovered on amd64' }),
      ),
    'its control native-byte-order was caught by another pair than it has',
  ],
  [
    CROSSING,
    'a control that crossed once',
    (draft) =>
      portability(draft, ({ controls }) => Object.assign(controls[0] ?? {}, { iterations: 1 })),
    'its control native-byte-order made 1 crashes, and there are 3',
  ],
  [
    CROSSING,
    'a way back that was left out',
    (draft) => portability(draft, ({ pairs }) => pairs.pop()),
    'portability.json lacks the pair amd64 to s390x, or has it elsewhere',
  ],
  [
    CROSSING,
    'pairs in another order',
    (draft) => portability(draft, ({ pairs }) => pairs.reverse()),
    'portability.json does not begin with the pair s390x to s390x',
  ],
  [
    CROSSING,
    'a pair with itself a second time',
    (draft) =>
      portability(draft, ({ pairs }) =>
        pairs.push(...structuredClone([pairs[0], pairs[0]] as typeof pairs)),
      ),
    'portability.json has the pairs of s390x and s390x twice',
  ],
  // Under an emulator.
  [
    EMULATED,
    'a native machine',
    ({ run }) => {
      Object.assign(run, { emulation: 'none' })
      Object.assign(run.runtime, { qemu: null })
    },
    'it says emulation none of riscv64, on a host of amd64',
  ],
  [
    EMULATED,
    'a host of its own architecture',
    ({ run }) => void Object.assign(run.host, { arch: 'riscv64' }),
    'it says emulation qemu-user of riscv64, on a host of riscv64',
  ],
  [
    EMULATED,
    'as many draws as a native machine’s',
    (draft) => void Object.assign(draft.run.steps[0] ?? {}, { draws: 2000 }),
    'the log’s tests made 2000 draws, and 100 are made there',
  ],
  [
    EMULATED,
    'an emulator on darwin',
    ({ run }) => void Object.assign(run.host, { platform: 'darwin' }),
    'it says that darwin emulated it',
  ],
  [
    EMULATED,
    'a host that there is none of',
    ({ run }) => void Object.assign(run.host, { arch: 'vax' }),
    'its host is of no architecture that Node runs on',
  ],
  [
    EMULATED,
    'no pair with its own machine',
    (draft) => portability(draft, ({ pairs }) => pairs.splice(1)),
    'portability.json lacks the pairs with amd64, which ran the emulator',
  ],
  // At every point.
  [
    EVERY_POINT,
    'points that were left out',
    (draft) => {
      draft.iterations.splice(200)
      conclude(draft)
    },
    'its iterations are not those that were asked for: it has none after iteration 200 of 458',
  ],
  [
    EVERY_POINT,
    'a point in the middle that was left out',
    (draft) => {
      draft.iterations.splice(100, 1)
      conclude(draft)
    },
    'its iterations are not those that were asked for: iteration 101 is not there',
  ],
  [
    EVERY_POINT,
    'a point that there is none of',
    (draft) => {
      const last = draft.iterations.at(-1)
      if (last === undefined) throw new Error('there is no point')
      const replay = last.replay.replace(`${last.iteration}`, `${last.iteration + 1}`)
      draft.iterations.push({ ...last, iteration: last.iteration + 1, replay })
      conclude(draft)
    },
    'its iterations are not those that were asked for: it has iteration 459, and 458 were asked for',
  ],
  [
    EVERY_POINT,
    'one point twice',
    (draft) => {
      const [one, other] = draft.iterations
      Object.assign(other ?? {}, { faults: one?.faults })
    },
    'iteration 2 was struck by writer killed at open: before wal-look (operation 1), and its seed means writer killed at open: after wal-look (operation 1)',
  ],
  [
    EVERY_POINT,
    'entries that another seed makes',
    ({ iterations }) => {
      for (const each of iterations.slice(3)) {
        Object.assign(each, { workload: { ...each.workload, seed: 9 } })
      }
    },
    'iteration 4 has another workload than its seed means',
  ],
  // Every state, or as many as there was time for.
  [
    EXHAUSTIVE,
    'a state that was not tried',
    (draft) =>
      states(draft, (each) => {
        each.tried -= 1
        each.byKind.torn -= 1
      }),
    'it was asked for 197 states and tried 196',
  ],
  [
    IN_TIME,
    'more states than its recording has',
    (draft) =>
      states(draft, (each) => {
        each.tried += 200
        each.byKind.torn += 200
      }),
    'power-cut.json tried 260 of 197 states of 502',
  ],
  [
    IN_TIME,
    'states of one kind only',
    (draft) =>
      states(draft, (each) => {
        each.byKind = { prefix: each.tried, 'only-one': 0, 'all-but-one': 0, subset: 0, torn: 0 }
      }),
    'power-cut.json counts 60 states of the kind prefix, and its recordings have 12',
  ],
  [
    MANY,
    'states of rounds that were not needed',
    (draft) => {
      Object.assign(draft.run.powerCut, { states: 100 })
      states(draft, (each) => {
        each.tried = 100
        each.byKind = { prefix: 40, 'only-one': 10, 'all-but-one': 10, subset: 10, torn: 30 }
        each.inFull = 4
        Object.assign(draft.powerCut ?? {}, { marker: { states: 90, vanished: 90 } })
      })
    },
    'it tried 900 states in its rounds, and was asked for 100',
  ],
  [
    MANY,
    'a recording that was left out',
    (draft) => {
      draft.recordings.delete(2)
      draft.powerCut?.recordings.splice(1, 1)
    },
    'the recording of the round before 3 is not there',
  ],
  [
    MANY,
    'the last recording left out',
    (draft) => {
      draft.recordings.delete(draft.recordings.size)
      draft.powerCut?.recordings.pop()
    },
    'power-cut.json counts 4 rounds, and its recordings have 3',
  ],
  // A share of a run.
  [
    SHARD,
    'an iteration of another shard',
    ({ iterations }) => void Object.assign(iterations[0] ?? {}, { iteration: 1 }),
    'the line that replays iteration 1 is another one',
  ],
  [
    SHARD,
    'a recording of another shard',
    (draft) => {
      draft.recordings.set(1, draft.recordings.get(2) as Uint8Array)
      draft.powerCut?.recordings.unshift({ round: 1, tried: 100, contents: 5 })
    },
    'the recording of round 1 is not of its shard',
  ],
  [
    SHARD,
    'more shards than iterations',
    ({ run }) => void Object.assign(run, { iterations: 2 }),
    'it says that 3 shards share 2 iterations',
  ],
  // In the working directory.
  [
    WORKING_DIRECTORY,
    'a volume',
    ({ run }) => void Object.assign(run.mount, { volume: 'loop' }),
    'its cell is workdir, and its files were on a loop',
  ],
  [
    WORKING_DIRECTORY,
    'options of a mount',
    ({ run }) => void Object.assign(run.mount, { options: 'rw' }),
    'its mount contradicts the working directory that it says it ran in',
  ],
  [
    WORKING_DIRECTORY,
    'power cuts that could not be made',
    (draft) => {
      Object.assign(draft.run.steps[5] ?? {}, { verdict: 'inconclusive' })
      Object.assign(draft.run, { verdict: 'inconclusive', pass: false })
    },
    'its power was cut in the working directory',
  ],
]
