import { expect, test } from 'vitest'
import type { PowerCutStatesRecord, RecordingStates } from '../../evidence/power-cut-states.ts'
import { readRun } from '../../evidence/read.ts'
import { draftOf } from '../../testing/draft.ts'
import { conclude, type Draft, putDraft, temporaryFolder } from '../../testing/evidence.ts'
import { failingState } from '../../testing/failing-state.ts'
import { statesOfDraft } from '../../testing/power-cut-states-draft.ts'
import { statesFileProblem } from './check-states-file.ts'
import { mergePowerCutStates, statesOfCampaign } from './states-record.ts'

/** A run in which one state failed. */
function failed(): Draft {
  const draft = draftOf({ arch: 'amd64', fileSystem: 'ext4' })
  failingState(draft)
  Object.assign(draft.powerCut?.states ?? {}, { failed: 1 })
  conclude(draft)
  return draft
}

/** What is said of the states of that run when something in them was changed. */
function problemOf(change: (first: RecordingStates, all: PowerCutStatesRecord) => unknown) {
  const draft = failed()
  const file = structuredClone(statesOfDraft(draft))
  change(file.recordings[0] as RecordingStates, file)
  return statesFileProblem(file, draft.powerCut)
}

test('states that are told as they were counted are believed', () => {
  expect(problemOf(() => {})).toBeNull()
  expect(statesFileProblem(null, null)).toBeNull()
})

test.each<[string, Parameters<typeof problemOf>[0], string]>([
  ['a recording that is left out', (_, all) => all.recordings.pop(), 'is not of the recordings'],
  ['a state too few', (first) => first.contents.pop(), 'tells 99 states of round 1'],
  ['a content that comes before its time', (first) => first.contents.reverse(), 'as nobody does'],
  ['a content too few', (first) => first.contents.fill(1), 'tells 1 contents of round 1'],
  ['a state beyond the last', (first) => first.failed.push(101), 'that it can’t have'],
  ['a state twice', (first) => first.failed.push(first.failed[0] ?? 0), 'that it can’t have'],
  [
    'one that failed and was not judged',
    (first) => first.unjudged.push(...first.failed),
    'can’t have',
  ],
  ['a failure that is left out', (first) => first.failed.pop(), 'leaves out state 1.'],
  [
    'a failure that nobody counted',
    (first) => first.failed.push(100),
    'as power-cut.json counts them',
  ],
  ['one not judged that nobody counted', (first) => first.unjudged.push(100), 'counts them'],
])('%s is seen', (_, change, said) => {
  expect(problemOf(change)).toContain(said)
})

test('a run is held against its states, and may lack them', () => {
  const draft = failed()
  const root = temporaryFolder()
  expect(readRun(putDraft(root, draft)).ok).toBe(true)
  draft.powerCutStates = statesOfDraft(draft)
  expect(readRun(putDraft(root, draft))).toMatchObject({
    ok: true,
    powerCutStates: { recordings: [{}] },
  })
  draft.powerCutStates.recordings[0]?.failed.pop()
  expect(readRun(putDraft(root, draft))).toMatchObject({
    ok: false,
    problem: expect.stringContaining('power-cut-states.json leaves out state 1.'),
  })
})

test('contents are numbered as they come up, and those of shards are put together by their rounds', () => {
  const seen = ['b', 'a', null, 'b', 'c'].map((content, at) => ({
    content,
    came:
      at === 1
        ? ('failed' as const)
        : content === null
          ? ('not judged' as const)
          : ('passed' as const),
  }))
  const of = (round: number) =>
    statesOfCampaign([{ recording: { round }, tried: 5, contents: 3, seen } as never])
  expect(of(2)?.recordings).toEqual([
    { round: 2, contents: [1, 2, 0, 1, 3], failed: [2], unjudged: [3] },
  ])
  expect(mergePowerCutStates([of(2), of(1)])?.recordings.map(({ round }) => round)).toEqual([1, 2])
  expect(mergePowerCutStates([of(2), null])).toBeNull()
})
