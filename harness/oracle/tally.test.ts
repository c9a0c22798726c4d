import { expect, test } from 'vitest'
import { CONTROLS } from '../../subjects/wal/controls/index.ts'
import { expectedIteration } from '../../subjects/wal/expected/iteration.ts'
import { tellsSafePointAhead } from '../../subjects/wal/inspect.ts'
import { walSubject } from '../../subjects/wal/subject.ts'
import { iterationsOfPlan } from '../kill/iterations-of-plan.ts'
import type { Failure } from './failure.ts'
import { contradictionIn, type Tally } from './tally.ts'

const TALLY: Tally = { sent: 5, acked: 3, recovered: 3, failures: [], rotted: false }
const lost = (detail: string): Failure => ({ name: 'acked-lost', detail })

const CONTRADICTIONS: [string, Partial<Tally>, string][] = [
  ['more acknowledged than sent', { acked: 6 }, '6 entries were acknowledged and 5 were sent'],
  ['a refusal without a name', { recovered: null }, 'recovery refused, and that is not told'],
  [
    'a loss without a name',
    { recovered: 2 },
    '2 of 3 acknowledged entries came back, and that is not told',
  ],
  [
    'more back than were sent',
    { recovered: 6 },
    '6 entries came back of 5 that were sent, and that is not told',
  ],
  [
    'a loss of what came back',
    { failures: [lost('3 entries were acknowledged and 3 came back')] },
    'its acked-lost is told in other numbers than it has',
  ],
  [
    'a loss by a safe point that is behind',
    { failures: [lost('safe_seq on disk is 2 and 3 entries came back')] },
    'its acked-lost is told in other numbers than it has',
  ],
  [
    'a hole in a refusal',
    { recovered: null, failures: [{ name: 'hole', detail: 'entry 1 is missing' }] },
    'it is told as hole, and nothing was recovered',
  ],
  [
    'a next seq that was right',
    { failures: [{ name: 'wrong-next-seq', detail: 'the next append got 1 and not 5' }] },
    'its wrong-next-seq is told in other numbers than it has',
  ],
]

test.each(CONTRADICTIONS)('numbers contradict themselves by %s', (_, change, problem) => {
  expect(contradictionIn({ ...TALLY, ...change }, tellsSafePointAhead)).toBe(problem)
})

const CONSISTENT: [string, Partial<Tally>][] = [
  ['all that was acknowledged', {}],
  ['one entry more, which was in flight', { recovered: 4 }],
  ['a refusal that is told', { recovered: null, failures: [{ name: 'refused', detail: 'no' }] }],
  ['a refusal of rotted entries', { recovered: null, rotted: true }],
  [
    'a loss that is told',
    { recovered: 1, failures: [lost('3 entries were acknowledged and 1 came back')] },
  ],
  [
    'a safe point that is ahead',
    { failures: [lost('safe_seq on disk is 4 and 3 entries came back')] },
  ],
  [
    'a loss after the next append',
    { failures: [lost('after the next append, 4 entries were acknowledged and 3 came back')] },
  ],
  [
    'a next seq that was wrong',
    { failures: [{ name: 'wrong-next-seq', detail: 'the next append got 1 and not 4' }] },
  ],
  ['a hole', { recovered: 2, failures: [{ name: 'hole', detail: 'entry 2 is missing' }] }],
]

test.each(CONSISTENT)('numbers agree with themselves where there is %s', (_, change) => {
  expect(contradictionIn({ ...TALLY, ...change }, tellsSafePointAhead)).toBeNull()
})

test('whatever the oracle finds of the log and of the controls, its numbers agree with it', () => {
  for (const subject of [walSubject, ...CONTROLS.map((control) => control.subject)]) {
    for (const iteration of iterationsOfPlan(3, 1, 60)) {
      const expected = expectedIteration(subject, iteration)
      if (expected === null) continue
      const { acked, recovered, failures, faults } = expected
      const rotted = faults.some(({ kind }) => kind === 'bit-rot')
      const { entries: sent } = iteration.workload
      const tally = { sent, acked, recovered, failures, rotted }
      expect(contradictionIn(tally, tellsSafePointAhead), JSON.stringify(tally)).toBeNull()
    }
  }
})
