import {
  type OrderedRecording,
  packRecording,
  unpackRecording,
} from '../../../harness/crash-states/recording-file.ts'
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

/** Changes the recording of the first round. */
const recording =
  (change: (ordered: OrderedRecording) => unknown): Change =>
  ({ recordings }) => {
    const packed = recordings.get(1)
    if (packed === undefined) throw new Error('there is no recording')
    const ordered = unpackRecording(packed)
    change(ordered)
    recordings.set(1, packRecording(ordered))
  }

const header = (header: Partial<OrderedRecording['recording']>): Change =>
  recording(({ recording: made }) => Object.assign(made, header))

const LAST_YEAR = Date.parse('2025-01-01T00:00:00Z') / 1000

/** What recordings hold. */
export const LIES_ABOUT_RECORDINGS: Lie[] = [
  [
    'no recording',
    (draft) => draft.recordings.clear(),
    'power-cut.json names the recordings 1, and none are there',
  ],
  [
    'a recording that is not named',
    record(({ recordings }) => recordings.push({ round: 2, tried: 1, contents: 1 })),
    'power-cut.json names the recordings 1,2, and 1 are there',
  ],
  [
    'a recording that is none',
    ({ recordings }) => recordings.set(1, Buffer.from('a recording')),
    'the recording of round 1 cannot be read: this is no recording of ours, for it has no end',
  ],
  [
    'a recording of a round in another place',
    (draft) => {
      draft.recordings.set(2, draft.recordings.get(1) as Uint8Array)
      draft.powerCut?.recordings.push({ round: 2, tried: 1, contents: 1 })
    },
    'the recording of round 2 is of round 1, and its run of 2',
  ],
  [
    'a recording of another round',
    header({ round: 3 }),
    'the recording of round 1 is of round 3, and its run of 1',
  ],
  [
    'a recording of another subject',
    header({ subject: 'no-log-sync' }),
    'the recording of round 1 is of the subject no-log-sync, and its run of wal',
  ],
  [
    'a recording of another seed',
    recording((ordered) => Object.assign(ordered, { seed: 8 })),
    'the recording of round 1 is of the seed 8, and its run of 7',
  ],
  [
    'a recording of another file system',
    header({ fileSystem: 'xfs', mountOptions: ['nouuid'] }),
    'the recording of round 1 cannot be read: this is no recording of ours, for it has a disk of another size',
  ],
  [
    'a recording of a volume without barriers',
    header({ mountOptions: ['nobarrier'] }),
    'the recording of round 1 cannot be read: this is no recording of ours, for it has other mount options',
  ],
  [
    'a recording with flushes that the kernel did not see',
    header({ flushes: { recorded: 17, counted: 16 } }),
    'the recording of round 1 counts 17 flushes, and the kernel 16',
  ],
  [
    'a recording of fewer flushes than it holds',
    header({ flushes: { recorded: 2, counted: 2 } }),
    'the recording of round 1 counts 2 flushes and holds 17',
  ],
  [
    'a recording of other entries',
    recording(({ recording: { promises } }) => promises.sent.reverse()),
    'the recording of round 1 holds other entries than its seed and round mean',
  ],
  [
    'a recording without an acknowledgement',
    recording(({ recording: { promises } }) => promises.ackedAt.pop()),
    'the recording of round 1 cannot be read: this is no recording of ours, for it has marks of what was never acknowledged',
  ],
  [
    'a recording that acknowledges before it sends',
    recording(({ recording: { promises } }) => promises.ackedAt.splice(2, 1, 1)),
    'the recording of round 1 cannot be read: this is no recording of ours, for it has positions out of order',
  ],
  [
    'a recording that acknowledges without a flush',
    recording(({ recording: { promises, markedAt } }) => {
      promises.ackedAt[0] = promises.sentAt[0] as number
      markedAt[0] = promises.sentAt[0] as number
    }),
    'the recording of round 1 has entry 1 acknowledged without a flush',
  ],
  [
    'a recording of other bytes',
    recording(({ recording: { data } }) => data.fill(7)),
    'the recording of round 1 has entry 1 acknowledged, and its bytes were not written by then',
  ],
  [
    'a recording of an empty disk',
    recording(({ recording: { template } }) => template.fill(0)),
    'the recording of round 1 begins with a disk that holds no ext4',
  ],
  [
    'a recording of last year',
    recording(({ recording: { template } }) =>
      Buffer.from(template.buffer, template.byteOffset).writeUInt32LE(LAST_YEAR, 1024 + 0x108),
    ),
    'the recording of round 1 begins with a disk that was formatted at 2025-01-01T00:00:00.000Z, before its run began',
  ],
  [
    'a recording of one write more',
    recording(({ recording: { requests, data } }) =>
      requests.push({ kind: 0, offsetBytes: 0, sizeBytes: 0, dataOffset: data.length }),
    ),
    'the recording of round 1 cannot be read: this is no recording of ours, for it has a write of no whole bytes',
  ],
  [
    'a recording of a thousand writes in flight',
    recording(({ recording: made }) => {
      const { length } = made.data
      const sizeBytes = 512
      for (let at = 0; at < 1000; at++) {
        const offsetBytes = 4 * 1024 * 1024 + at * sizeBytes
        const dataOffset = length + at * sizeBytes
        made.requests.push({ kind: 0, offsetBytes, sizeBytes, dataOffset })
      }
      made.data = Buffer.concat([made.data], length + 1000 * sizeBytes)
    }),
    'the recording of round 1 cannot be read: this is no recording of ours, for it has too many writes in flight at a time',
  ],
]
