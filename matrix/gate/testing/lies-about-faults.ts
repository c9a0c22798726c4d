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

/** The point of a fault of an iteration. */
function pointOf({ faults }: IterationRecord, at = 0) {
  const fault = faults[at]
  if (fault?.kind !== 'kill') throw new Error('it is no kill')
  return fault.point
}

function phantom(draft: Draft, change: (fault: { kind: 'phantom'; shape: string }) => void): void {
  const found = draft.iterations
    .flatMap(({ faults }) => faults)
    .find(({ kind }) => kind === 'phantom')
  if (found?.kind === 'phantom') change(found)
}

/** What is said of the faults of iterations, of a run of 40 with the seed 7. */
export const LIES_ABOUT_FAULTS: Lie[] = [
  // The plan.
  [
    'entries of another seed',
    iteration(6, ({ workload }) => Object.assign(workload, { seed: 8 })),
    'iteration 6 has another workload than its seed means',
  ],
  [
    'entries of another stream',
    iteration(2, ({ workload }) => Object.assign(workload, { stream: 9 })),
    'iteration 2 has another workload than its seed means',
  ],
  [
    'one entry more',
    iteration(3, ({ workload }) => Object.assign(workload, { entries: 8 })),
    'iteration 3 has another workload than its seed means',
  ],
  [
    'a fault that was left out',
    iteration(1, ({ faults }) => faults.pop()),
    'iteration 1 suffered fewer faults than its seed means',
  ],
  [
    'a fault too many',
    iteration(3, ({ faults }) => faults.push({ kind: 'phantom', shape: 'zeros' })),
    'iteration 3 suffered more faults than its seed means',
  ],
  [
    'another kind of fault',
    iteration(4, (record) =>
      Object.assign(record, { faults: [{ kind: 'phantom', shape: 'frame' }] }),
    ),
    'iteration 4 suffered other faults than its seed means',
  ],
  [
    'faults in another order',
    iteration(2, ({ faults }) => faults.reverse()),
    'iteration 2 suffered other faults than its seed means',
  ],
  [
    'a phantom of another shape',
    (draft) => phantom(draft, (fault) => Object.assign(fault, { shape: 'partial' })),
    'iteration 20 suffered other faults than its seed means',
  ],
  // The point.
  [
    'another moment',
    iteration(3, (record) => Object.assign(pointOf(record), { moment: 'before' })),
    'iteration 3 was struck by writer killed at append 7: before wal-write (operation 88), and its seed means writer killed at append 7: after wal-write (operation 88)',
  ],
  [
    'another operation',
    iteration(4, (record) => Object.assign(pointOf(record), { number: 15 })),
    'iteration 4 was struck by writer killed at open: after wal-identity (operation 15), and its seed means writer killed at open: after wal-identity (operation 19)',
  ],
  [
    'an operation by another name',
    iteration(5, (record) => Object.assign(pointOf(record), { name: 'append 3: wal-write' })),
    'iteration 5 was struck by writer killed at append 3: after wal-write (operation 47), and its seed means writer killed at append 3: after safe-seq-tmp-write (operation 47)',
  ],
  [
    'a write that was done up to another byte',
    iteration(1, (record) => Object.assign(pointOf(record), { writtenBytes: 226 })),
    'iteration 1 was struck by writer killed at append 2: within wal-write (operation 33, after 226 bytes), then recovery killed at open: before wal-identity (operation 22), and its seed means writer killed at append 2: within wal-write (operation 33, after 227 bytes), then recovery killed at open: before wal-identity (operation 22)',
  ],
  [
    'a kill within what is no write',
    iteration(6, (record) => Object.assign(pointOf(record), { moment: 'within', writtenBytes: 1 })),
    'iteration 6 was struck by writer killed at append 6: within wal-write (operation 77, after 1 bytes), and its seed means writer killed at append 6: before wal-write (operation 77)',
  ],
  [
    'another point of its recovery',
    iteration(2, (record) => Object.assign(pointOf(record, 1), { number: 14 })),
    'iteration 2 was struck by writer killed at open: after wal-size (operation 9), then recovery killed at open: within safe-seq-tmp-write (operation 14, after 2 bytes), and its seed means writer killed at open: after wal-size (operation 9), then recovery killed at open: within safe-seq-tmp-write (operation 17, after 2 bytes)',
  ],
]
