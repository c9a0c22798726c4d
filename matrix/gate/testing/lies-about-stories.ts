import type { Story } from '../../../harness/story/story.ts'
import { storiesOf } from '../../stories/told.ts'
import { conclude, type Draft } from '../../testing/evidence.ts'
import { failingState } from '../../testing/failing-state.ts'
import type { Change, Lie } from './lie.ts'

/** A run in which one state failed, and all that follows from that. */
export const withFailure: Change = (draft) => {
  failingState(draft)
  if (draft.powerCut !== null) draft.powerCut.states.failed += 1
  conclude(draft)
}

/** The stories of such a run, of which something is changed. */
const told =
  (change: (stories: Story[], draft: Draft) => void): Change =>
  (draft) => {
    withFailure(draft)
    draft.stories = storiesOf(draft, null)
    if (draft.stories !== null) change(draft.stories.stories, draft)
  }

const firstOf =
  (change: (story: Story) => void): Change =>
  (draft) =>
    told(([story]) => {
      if (story !== undefined) change(story)
    })(draft)

/** What stories say of a run in which one state failed. */
export const LIES_ABOUT_STORIES: Lie[] = [
  [
    'a failure that nothing tells',
    (draft) => {
      withFailure(draft)
      draft.stories = null
    },
    'no story tells what failed of the power-cut step',
  ],
  [
    'a story of a run in which nothing failed',
    (draft) => {
      const failing = structuredClone(draft)
      withFailure(failing)
      draft.stories = storiesOf(failing, null)
    },
    'there is a stories.json, and nothing failed',
  ],
  [
    'a story of a state that is not on record',
    firstOf((story) => Object.assign(story, { case: '1.99' })),
    'a story tells the power-cut of 1.99, and no such failure is on record',
  ],
  [
    'a story of a state that no recording has',
    firstOf((story) => Object.assign(story, { case: '1.c3-l99' })),
    'a story tells the power-cut of 1.c3-l99, and no such failure is on record',
  ],
  [
    'a story of a kill in the place of a power cut',
    firstOf((story) => Object.assign(story, { tier: 'kill', case: '1' })),
    'a story tells the kill of 1, and no such failure is on record',
  ],
  [
    'another failure than the one on record',
    firstOf((story) => Object.assign(story, { failures: [{ name: 'hole', detail: 'x' }] })),
    'a story tells the power-cut of 1.2 as hole, and it failed as acked-lost',
  ],
  [
    'a line that shows something else',
    firstOf((story) => Object.assign(story, { replay: 'rm -rf /' })),
    'the line that shows the story of the power-cut of 1.2 again is another one',
  ],
  [
    'one cause twice',
    told((stories) => stories.push(...structuredClone(stories))),
    'stories.json tells one cause twice',
  ],
  [
    'more failures than there are',
    firstOf((story) => Object.assign(story, { count: 2 })),
    'stories.json counts 2 failures of the power-cut step, and 1 are on record',
  ],
]
