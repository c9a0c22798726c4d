import { expect, test } from 'vitest'
import { replayLine } from '../evidence/replay-line.ts'
import type { IterationRecord } from '../evidence/types.ts'
import { honestDraft } from '../gate/testing/lie.ts'
import { mergeStories } from './merge.ts'
import { storiesOf } from './told.ts'

const [PASSED] = honestDraft().iterations as [IterationRecord]

/** An iteration that failed, on record in a run at that path. */
function failed(
  iteration: number,
  path: string,
  name: 'hole' | 'phantom' = 'hole',
): IterationRecord {
  const failures = [{ name, detail: 'entry 1 is missing' }]
  const replay = replayLine(path, iteration, null)
  return { ...PASSED, iteration, verdict: 'fail', failures, replay }
}

const recordsOf = (...iterations: IterationRecord[]) => ({
  iterations,
  powerCut: null,
  ioError: null,
})

test('failures of one cause are one story, which counts them; those of another are another one', () => {
  const path = 'evidence/amd64/ext4/run-1'
  const records = recordsOf(failed(2, path), failed(5, path), failed(6, path, 'phantom'), PASSED)
  const told = storiesOf(records, null)?.stories
  expect(told?.map(({ case: name, count }) => [name, count])).toEqual([
    ['2', 2],
    ['6', 1],
  ])
  expect(told?.[0]?.replay).toBe(replayLine(path, 2, null))
  expect(storiesOf(recordsOf(PASSED), null)).toBe(null)
})

test('the stories of shards are those of the run: in its order, with its lines, counted together', () => {
  const shards = [
    storiesOf(recordsOf(failed(5, 'shard-1')), null),
    storiesOf(recordsOf(failed(2, 'shard-2'), failed(4, 'shard-2')), null),
    null,
  ]
  const records = recordsOf(failed(2, 'run-1'), failed(4, 'run-1'), failed(5, 'run-1'))
  const merged = mergeStories(
    shards.map((stories) => ({ stories })),
    records,
  )
  expect(merged).toEqual(storiesOf(records, null))
  expect(merged?.stories).toMatchObject([{ case: '2', count: 3 }])
  expect(mergeStories([{ stories: null }], recordsOf(PASSED))).toBe(null)
})
