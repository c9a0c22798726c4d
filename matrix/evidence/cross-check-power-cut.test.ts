import { expect, test } from 'vitest'
import { type Draft, powerCutStep, putRun, temporaryFolder } from '../testing/evidence.ts'
import { readRun } from './read.ts'
import type { PowerCutRecord } from './types.ts'

function problemWith(change: (draft: Draft) => void): string | null {
  const read = readRun(putRun(temporaryFolder(), 'amd64/ext4', change))
  return read.ok ? null : read.problem
}

/** Changes the record, and nothing of what the step says of it. */
const record =
  (change: (record: PowerCutRecord) => void) =>
  ({ powerCut }: Draft): void => {
    if (powerCut !== null) change(powerCut)
  }

const comesTo = (verdict: string) =>
  `the power-cut step says pass and power-cut.json comes to ${verdict}`

test('a good run has nothing against it', () => {
  expect(problemWith(() => {})).toBeNull()
})

const RECORDS: [string, (record: PowerCutRecord) => void, string][] = [
  ['no state', ({ states }) => Object.assign(states, { tried: 0 }), 'run.json counts 0 of 100'],
  [
    'a failed state',
    ({ states }) => Object.assign(states, { failed: 1 }),
    'run.json counts 0 of 100 states and power-cut.json has 1 of 100',
  ],
  [
    'a state that could not be judged',
    ({ states }) => Object.assign(states, { unjudged: 1 }),
    comesTo('inconclusive'),
  ],
  [
    'a flush that the device did not see',
    ({ flushes }) => Object.assign(flushes, { recorded: 59 }),
    comesTo('inconclusive'),
  ],
  [
    'no flush at all',
    ({ flushes }) => Object.assign(flushes, { recorded: 0, counted: 0 }),
    comesTo('inconclusive'),
  ],
  [
    'a marker that was always there',
    ({ marker }) => Object.assign(marker, { vanished: 0 }),
    comesTo('inconclusive'),
  ],
  [
    'a state of which e2fsck says something else',
    ({ injector }) => Object.assign(injector, { agreed: 1 }),
    comesTo('inconclusive'),
  ],
  [
    'a missed control',
    ({ controls }) => Object.assign(controls[0] ?? {}, { caught: false }),
    comesTo('inconclusive'),
  ],
  ['no control', ({ controls }) => controls.splice(0), comesTo('inconclusive')],
  [
    'states that don’t add up',
    ({ states }) => Object.assign(states.byKind, { torn: 41 }),
    'power-cut.json counts 100 states, 101 by kind',
  ],
  [
    'more states than there were',
    ({ states }) => Object.assign(states, { distinct: 99 }),
    'power-cut.json tried more states than there were',
  ],
  [
    'a recording that is not there',
    ({ recordings }) => recordings.push(2),
    'power-cut.json names the recordings 1,2, and 1 are there',
  ],
]

test.each(RECORDS)('a pass with %s is refused', (_, change, problem) => {
  expect(problemWith(record(change))).toContain(problem)
})

const DRAFTS: [string, (draft: Draft) => void, string][] = [
  [
    'a pass without its record',
    (draft) => {
      draft.powerCut = null
      draft.recordings.clear()
    },
    'the power-cut step says pass without power-cut.json',
  ],
  [
    'a recording without a record',
    (draft) => {
      draft.powerCut = null
    },
    'there are recordings and no power-cut.json',
  ],
  [
    'a recording that the record does not name',
    ({ recordings }) => recordings.set(3, Buffer.from('another')),
    'power-cut.json names the recordings 1, and 1,3 are there',
  ],
  [
    'an inconclusive step over a failed state',
    (draft) => {
      Object.assign(draft.powerCut?.states ?? {}, { failed: 1 })
      Object.assign(powerCutStep(draft), { verdict: 'inconclusive', reason: 'so', failed: 1 })
      Object.assign(draft.run, { verdict: 'inconclusive', pass: false })
    },
    'the power-cut step says inconclusive and power-cut.json comes to fail',
  ],
]

test.each(DRAFTS)('%s is refused', (_, change, problem) => {
  expect(problemWith(change)).toBe(problem)
})
