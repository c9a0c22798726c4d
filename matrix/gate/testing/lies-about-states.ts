import type { StateProblemRecord } from '../../evidence/types.ts'
import { conclude, powerCutStep } from '../../testing/evidence.ts'
import { failingState } from '../../testing/failing-state.ts'
import type { Change, Lie } from './lie.ts'

/** A run in which a state failed, and `change` in how that is told. */
const failing =
  (change: (problem: StateProblemRecord) => void): Change =>
  (draft) => {
    const problem = failingState(draft)
    Object.assign(draft.powerCut?.states ?? {}, { failed: 1 })
    change(problem)
    conclude(draft)
  }

const assign = (change: Partial<StateProblemRecord>): Change =>
  failing((problem) => Object.assign(problem, change))

const inState = (state: string): Change =>
  failing((problem) => {
    problem.replay = problem.replay.replace(problem.state, state)
    problem.state = state
  })

/** What is said of a state in which something was wrong. */
export const LIES_ABOUT_STATES: Lie[] = [
  [
    'a state of a round that was not kept',
    inState('2.1'),
    'state 2.1 is of a round whose recording is not there',
  ],
  ['a state that there is none of', inState('1.900'), 'state 1.900 is none that its recording has'],
  [
    'a state of another kind',
    assign({ kind: 'subset' }),
    'state 1.2 is told as subset, and its recording makes it only-one',
  ],
  [
    'a state in other words',
    assign({ what: 'power cut at 1: prefix, 0 of 1 writes in flight kept' }),
    'state 1.2 is told in other words than its recording gives',
  ],
  [
    'a state with more acknowledged entries',
    failing((problem) => Object.assign(problem, { acked: problem.acked + 1 })),
    'state 1.2 says that 6 entries were acknowledged, and its recording has 5',
  ],
  [
    'a state that lost nothing',
    failing((problem) => Object.assign(problem, { recovered: problem.acked })),
    'state 1.2 contradicts itself: its acked-lost is told in other numbers than it has',
  ],
  [
    'a state that failed and was not judged',
    assign({ notJudged: 'it does not mount' }),
    'state 1.2 contradicts itself',
  ],
  [
    'a state that was not judged and counts entries',
    (draft) => {
      assign({ failures: [], notJudged: 'it does not mount' })(draft)
      Object.assign(draft.powerCut?.states ?? {}, { failed: 0, unjudged: 1 })
      conclude(draft)
    },
    'state 1.2 was not judged, and counts entries',
  ],
  [
    'a line that replays another state',
    failing((problem) => Object.assign(problem, { replay: `${problem.replay}0` })),
    'the line that replays state 1.2 is another one',
  ],
  [
    'a state that is told twice',
    (draft) => {
      assign({})(draft)
      draft.powerCut?.problems.push(...structuredClone(draft.powerCut.problems))
      Object.assign(draft.powerCut?.states ?? {}, { failed: 2 })
      conclude(draft)
    },
    'state 1.2 is told twice',
  ],
  [
    'a failed state in a step that passes',
    (draft) => {
      assign({})(draft)
      Object.assign(powerCutStep(draft), { verdict: 'pass', reason: null })
      Object.assign(draft.run, { verdict: 'pass', pass: true })
    },
    'the power-cut step says pass, and its parts come to fail: 1 of 100 states failed: acked-lost',
  ],
  [
    'a failed state in a step that is inconclusive',
    (draft) => {
      assign({})(draft)
      Object.assign(powerCutStep(draft), { verdict: 'inconclusive', reason: 'so' })
      Object.assign(draft.run, { verdict: 'inconclusive', pass: false })
    },
    'the power-cut step says inconclusive, and its parts come to fail: 1 of 100 states failed: acked-lost',
  ],
]
