import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { changesOf } from './changes.ts'
import { planMoment } from './moment.ts'
import { planRecordedHistory } from './recorded-history.ts'
import { namedStream, streamOf } from './stream.ts'

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)

const KINDS = ['log', 'store', 'file'] as const

test('the plans of changes, moments and recordings are frozen', () => {
  const plans = KINDS.map((kind) => ({
    changes: digest([1, 2, 3].map((round) => changesOf({ kind, seed: 7, round, changes: 40 }))),
    recorded: digest([1, 2, 3, 4].map((round) => planRecordedHistory(kind, 7, round))),
  }))
  const moments = digest(Array.from({ length: 50 }, (_, i) => planMoment(7, i + 1)))
  expect({ plans, moments }).toMatchInlineSnapshot(`
    {
      "moments": "796c84855f32b9ac",
      "plans": [
        {
          "changes": "2ac941b9181fabf3",
          "recorded": "2a3a62ca34b093f8",
        },
        {
          "changes": "788714c8e1d69aea",
          "recorded": "8cd3d178522bb7a7",
        },
        {
          "changes": "7a149c81607dab4a",
          "recorded": "9d49c2e04629b65f",
        },
      ],
    }
  `)
})

const KINDS_AND_EMPTIES = KINDS.flatMap((kind) => [[kind, 1, 1] as const, [kind, 2, 0] as const])

test.each(KINDS_AND_EMPTIES)(
  'the contents of a %s are unique, small and large, and in round %d, %d are empty',
  (kind, round, empty) => {
    const changes = changesOf({ kind, seed: 3, round, changes: 60 })
    const contents = changes.flatMap((change) => {
      if (change.do === 'append') return [change.entry]
      if (change.do === 'put') return [change.value]
      return change.do === 'replace' ? [change.content] : []
    })
    expect(new Set(contents).size).toBe(contents.length)
    expect(contents.filter((content) => content === '')).toHaveLength(empty)
    expect(contents.some((content) => content.length > 512 * 1024)).toBe(true)
    expect(contents.some((content) => content.length > 64 * 1024 && content.length < 80_000)).toBe(
      true,
    )
  },
)

test('a store’s keys are overwritten and deleted', () => {
  const changes = changesOf({ kind: 'store', seed: 3, round: 1, changes: 60 })
  const keys = changes.flatMap((change) => (change.do === 'put' ? [change.key] : []))
  expect(new Set(keys).size).toBeLessThan(keys.length)
  expect(changes.some((change) => change.do === 'delete')).toBe(true)
})

test('no two names of streams draw from the same numbers, nor from those of the seed', () => {
  const first = (stream: ReturnType<typeof streamOf>) =>
    Array.from({ length: 4 }, () => stream.between(0, 2 ** 30)).join()
  const names = ['kill at a moment', 'recorded history', ...KINDS.map((k) => `changes of a ${k}`)]
  const drawn = [first(streamOf(7, 1)), ...names.map((name) => first(namedStream(7, name, 1)))]
  expect(new Set(drawn).size).toBe(drawn.length)
})
