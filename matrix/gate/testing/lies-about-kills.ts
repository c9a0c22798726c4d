import type { IterationRecord } from '../../evidence/types.ts'
import { conclude, type Draft } from '../../testing/evidence.ts'
import type { Change, Lie } from './lie.ts'

/** Changes one iteration, and then all that follows from it, as one would who lies with care. */
const iteration =
  (number: number, change: (record: IterationRecord) => void): Change =>
  (draft) => {
    const record = draft.iterations[number - 1]
    if (record === undefined) throw new Error(`there is no iteration ${number}`)
    change(record)
    conclude(draft)
  }

const ACKED_LOST = {
  verdict: 'fail' as const,
  failures: [
    { name: 'acked-lost' as const, detail: '1 entries were acknowledged and 0 came back' },
  ],
}

/** What iterations and the controls of the kill tier say, of a run of 40 iterations with the seed 7. */
export const LIES_ABOUT_KILLS: Lie[] = [
  // The numbers.
  [
    'fewer acknowledged entries',
    iteration(3, (record) => Object.assign(record, { acked: 5 })),
    'iteration 3 says that 5 entries were acknowledged, and at that point 6 are',
  ],
  [
    'more acknowledged entries than were sent',
    iteration(4, (record) => Object.assign(record, { acked: 2, recovered: 2 })),
    'iteration 4 contradicts itself: 2 entries were acknowledged and 1 were sent',
  ],
  [
    'fewer entries back than were acknowledged',
    iteration(5, (record) => Object.assign(record, { recovered: 1 })),
    'iteration 5 contradicts itself: 1 of 2 acknowledged entries came back, and that is not told',
  ],
  [
    'more entries back than were sent',
    iteration(6, (record) => Object.assign(record, { recovered: 8 })),
    'iteration 6 contradicts itself: 8 entries came back of 7 that were sent, and that is not told',
  ],
  [
    'one entry back that was never acknowledged',
    iteration(6, (record) => Object.assign(record, { recovered: 6 })),
    'iteration 6 says that 6 entries came back, and 5 do',
  ],
  [
    'no entries back',
    iteration(3, (record) => Object.assign(record, { recovered: null })),
    'iteration 3 contradicts itself: recovery refused, and that is not told',
  ],
  // The verdict.
  [
    'a pass with a failure',
    iteration(1, (record) => Object.assign(record, { ...ACKED_LOST, verdict: 'pass' })),
    'iteration 1 says pass with 1 failures',
  ],
  [
    'a failure without one',
    iteration(2, (record) => Object.assign(record, { verdict: 'fail' })),
    'iteration 2 says fail with 0 failures',
  ],
  [
    'a pass with a reason',
    iteration(3, (record) => Object.assign(record, { reason: 'it was late' })),
    'iteration 3 passes and gives a reason not to',
  ],
  [
    'a pass of a fault that was not delivered',
    iteration(4, (record) => Object.assign(record, { delivered: false })),
    'iteration 4 passes although a fault was not delivered',
  ],
  [
    'a verdict of inconclusive without a reason',
    iteration(5, (record) => Object.assign(record, { verdict: 'inconclusive', delivered: false })),
    'iteration 5 is inconclusive without a reason',
  ],
  [
    'a failure in other numbers',
    iteration(3, (record) => Object.assign(record, { ...ACKED_LOST, recovered: 4 })),
    'iteration 3 contradicts itself: its acked-lost is told in other numbers than it has',
  ],
  [
    'a failure that its numbers belie',
    iteration(6, (record) => Object.assign(record, { ...ACKED_LOST, recovered: null })),
    'iteration 6 contradicts itself: it is told as acked-lost, and nothing was recovered',
  ],
  [
    'a next seq that is right and is called wrong',
    iteration(4, (record) =>
      Object.assign(record, {
        verdict: 'fail',
        failures: [{ name: 'wrong-next-seq', detail: 'the next append got 2 and not 2' }],
      }),
    ),
    'iteration 4 contradicts itself: its wrong-next-seq is told in other numbers than it has',
  ],
  [
    'a refusal that is not told',
    iteration(5, (record) =>
      Object.assign(record, {
        recovered: null,
        verdict: 'fail',
        failures: [{ name: 'hole', detail: 'entry 1 is missing: entry 2 stands in its place' }],
      }),
    ),
    'iteration 5 contradicts itself: it is told as hole, and nothing was recovered',
  ],
  // The lines.
  [
    'a line that replays another iteration',
    iteration(2, (record) =>
      Object.assign(record, { replay: record.replay.replace('--iteration 2', '--iteration 3') }),
    ),
    'the line that replays iteration 2 is another one',
  ],
  [
    'a line that replays another run',
    iteration(2, (record) =>
      Object.assign(record, { replay: record.replay.replace('amd64/ext4', 'amd64/xfs') }),
    ),
    'the line that replays iteration 2 is of evidence/amd64/xfs/run-1, and others are of evidence/amd64/ext4/run-1',
  ],
  [
    'a line that replays evidence elsewhere',
    iteration(3, (record) =>
      Object.assign(record, { replay: record.replay.replace('evidence/', '/elsewhere/') }),
    ),
    'the line that replays iteration 3 is of /elsewhere/amd64/ext4/run-1, and others are of evidence/amd64/ext4/run-1',
  ],
  [
    'a line that does more than replay',
    iteration(4, (record) => Object.assign(record, { replay: `${record.replay}; true` })),
    'the line that replays iteration 4 is another one',
  ],
  // The list.
  [
    'an iteration that was left out',
    (draft) => cut(draft, 5, 1),
    'its iterations are not those that were asked for: iteration 6 is not there',
  ],
  [
    'an iteration that stands twice',
    (draft) => twice(draft, 5),
    'iteration 6 stands twice or out of order',
  ],
  [
    'iterations out of order',
    (draft) => swapped(draft),
    'iteration 1 stands twice or out of order',
  ],
  [
    'the last iterations left out',
    (draft) => cut(draft, 38, 2),
    'its iterations are not those that were asked for: it has none after iteration 38 of 40',
  ],
  // The step.
  [
    'one iteration more in its counts',
    ({ kill }) => Object.assign(kill, { iterations: 41 }),
    'run.json counts 41 iterations in the kill step, and its parts have 40',
  ],
  [
    'one delivered fault less',
    ({ kill }) => Object.assign(kill, { delivered: 39 }),
    'run.json counts 39 delivered in the kill step, and its parts have 40',
  ],
  [
    'one pass less',
    ({ kill }) => Object.assign(kill, { passed: 39 }),
    'run.json counts 39 passed in the kill step, and its parts have 40',
  ],
  [
    'a failure that there was none of',
    ({ kill }) => Object.assign(kill, { failed: 1 }),
    'run.json counts 1 failed in the kill step, and its parts have 0',
  ],
  [
    'a pass over a failure',
    (draft) => failed(draft, { verdict: 'pass', reason: null }),
    'the kill step says pass, and its parts come to fail: 1 of 40 iterations failed: acked-lost',
  ],
  [
    'another reason than its failures give',
    (draft) => failed(draft, { reason: '1 of 40 iterations failed: hole' }, 'fail'),
    'the kill step gives another reason than its parts come to',
  ],
  [
    'a failure as inconclusive',
    (draft) =>
      failed(draft, { verdict: 'inconclusive', reason: 'the disk was full' }, 'inconclusive'),
    'the kill step says inconclusive, and its parts come to fail: 1 of 40 iterations failed: acked-lost',
  ],
]

function cut(draft: Draft, at: number, count: number): void {
  const gone = draft.iterations.splice(at, count).map((each) => each.iteration)
  draft.logRecords = draft.logRecords.filter((each) => !gone.includes(each.iteration))
  conclude(draft)
}

function twice(draft: Draft, at: number): void {
  draft.iterations.splice(at, 0, structuredClone(draft.iterations[at] as IterationRecord))
  conclude(draft)
}

function swapped(draft: Draft): void {
  const [one, other] = draft.iterations.splice(0, 2) as [IterationRecord, IterationRecord]
  draft.iterations.unshift(other, one)
}

/** An iteration that failed, and a step that says of it what it should not. */
function failed(
  draft: Draft,
  step: object,
  verdict: 'pass' | 'fail' | 'inconclusive' = 'pass',
): void {
  iteration(5, (each) =>
    Object.assign(each, {
      ...ACKED_LOST,
      recovered: 0,
      failures: [{ name: 'acked-lost', detail: '2 entries were acknowledged and 0 came back' }],
    }),
  )(draft)
  Object.assign(draft.kill, step)
  Object.assign(draft.run, { verdict, pass: verdict === 'pass' })
}
