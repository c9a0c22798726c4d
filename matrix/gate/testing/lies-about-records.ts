import type { IterationRecord } from '../../evidence/types.ts'
import type { Draft } from '../../testing/evidence.ts'
import type { Change, Lie } from './lie.ts'

type Records = Draft['logRecords']

/** Changes the iteration whose first entries were rotted, so that its recovery refuses. */
const rotted =
  (change: (record: IterationRecord) => void): Change =>
  ({ iterations }) => {
    const found = iterations.find(({ faults }) => faults[0]?.kind === 'bit-rot')
    if (found === undefined) throw new Error('no entry was rotted')
    change(found)
  }

const rottedEntry = (entry: number): Change =>
  rotted(({ faults }) => Object.assign(faults[0] ?? {}, { entry }))

/** Changes what the log said of such an iteration. */
const records =
  (change: (all: Records, first: Records[0]) => void): Change =>
  ({ logRecords }) => {
    const [first] = logRecords
    if (first === undefined) throw new Error('the log said nothing')
    change(logRecords, first)
  }

const attributes = (change: object): Change =>
  records((_, { attributes: them }) => void Object.assign(them as object, change))

/** What the log said of its recoveries, and rotted entries: of 16 iterations with the seed 3. */
export const LIES_ABOUT_RECORDS: Lie[] = [
  [
    'the rot of another entry',
    rottedEntry(9),
    'iteration 11 suffered other faults than its seed means',
  ],
  [
    'a rotted entry that came back',
    rotted((record) => Object.assign(record, { recovered: record.acked })),
    'iteration 11 says that 6 entries came back, and none do',
  ],
  [
    'a record of the log that was left out',
    records((all) => all.pop()),
    'iteration 16 has 0 records in autonomy.log, and its recoveries give 1',
  ],
  [
    'a record of the log that stands twice',
    records((all, first) => all.unshift(structuredClone(first))),
    'iteration 2 has 2 records in autonomy.log, and its recoveries give 1',
  ],
  [
    'a record of an iteration that is not there',
    records((all, first) => all.push({ ...first, iteration: 41 })),
    'autonomy.log has a record of an iteration that is not there',
  ],
  [
    'a record of no iteration',
    records((all, first) => {
      const { iteration: _, ...rest } = first
      all.push(rest as Records[0])
    }),
    'autonomy.log has a record that names no iteration',
  ],
  [
    'records out of order',
    records((all) => all.reverse()),
    'autonomy.log has its records out of order',
  ],
  [
    'a record of another iteration’s directory',
    attributes({ directory: '/elsewhere' }),
    'iteration 2 has a record in autonomy.log that is of another directory',
  ],
  [
    'a record of another cause',
    attributes({ cause: 'NOTHING' }),
    'iteration 2 has other records in autonomy.log than its recoveries give',
  ],
]
