import type { Draft } from '../../testing/evidence.ts'
import { conclude } from '../../testing/evidence.ts'
import type { Change, Lie } from './lie.ts'

const shard =
  (index: number, change: (shard: Draft['run']['shards'][0]) => void): Change =>
  ({ run }) => {
    const found = run.shards[index - 1]
    if (found === undefined) throw new Error(`there is no shard ${index}`)
    change(found)
  }

/** What a run says that was merged from three shards of six iterations. */
export const LIES_ABOUT_MERGES: Lie[] = [
  [
    'one shard less',
    ({ run }) => run.shards.pop(),
    'the recordings of rounds 1 and 3 begin with two disks',
  ],
  [
    'a shard by another number',
    shard(2, (each) => Object.assign(each, { index: 4 })),
    'a shard of it is missing',
  ],
  [
    'shards that are one',
    ({ run: { shards } }) => Object.assign(shards[2] ?? {}, { sums: shards[0]?.sums }),
    'two of its shards are one',
  ],
  [
    'a shard that is merged',
    ({ run }) => Object.assign(run, { shard: { index: 1, of: 3 } }),
    'it is a shard and was merged from shards',
  ],
  [
    'another host than its first shard’s',
    ({ run }) => Object.assign(run, { host: { ...run.host, cpus: 64 } }),
    'its host is not that of its first shard',
  ],
  [
    'a shard of another architecture',
    shard(2, (each) => Object.assign(each.host, { arch: 'arm64' })),
    'the host of its shard 2 cannot have run it',
  ],
  [
    'a shard of another Node',
    shard(3, (each) => Object.assign(each.host, { node: 'v24.0.0' })),
    'the host of its shard 3 cannot have run it',
  ],
  [
    'a shard that ended before it began',
    shard(2, (each) => Object.assign(each, { finishedAt: '2026-01-02T10:00:00Z' })),
    'its shard 2 ended before it began',
  ],
  [
    'a shard that ended after the run',
    shard(2, (each) => Object.assign(each, { finishedAt: '2026-01-02T11:30:00Z' })),
    'it does not last from the start of its first shard to the end of its last',
  ],
  [
    'a shard that is too old',
    (draft) => {
      shard(2, (each) =>
        Object.assign(each, {
          startedAt: '2026-01-01T10:59:00Z',
          finishedAt: '2026-01-01T11:00:00Z',
        }),
      )(draft)
      Object.assign(draft.run, { startedAt: '2026-01-01T10:59:00Z' })
    },
    'the recording of round 2 begins with a disk that was formatted at 2026-01-02T10:59:30.000Z, when its run was over',
  ],
  [
    'steps that lasted longer than its shards',
    ({ run }) => Object.assign(run.steps[0] ?? {}, { durationMs: 200_000 }),
    'its steps took 200018 ms of the 180000 ms that it lasted',
  ],
  [
    'the iterations of a shard left out',
    (draft) => {
      draft.iterations = draft.iterations.filter(({ iteration }) => iteration % 3 !== 2)
      conclude(draft)
    },
    'its iterations are not those that were asked for: iteration 2 is not there',
  ],
  [
    'the recordings of a shard left out',
    (draft) => {
      draft.recordings.delete(2)
      draft.powerCut?.recordings.splice(1, 1)
    },
    'power-cut.json counts 3 rounds, and its recordings have 2',
  ],
]
