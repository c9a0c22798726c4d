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
          "changes": "a018d53ec90cd663",
          "recorded": "59dd15dcb1c26096",
        },
        {
          "changes": "2da0abbb73d9296b",
          "recorded": "06e3bc73e7ac40d0",
        },
        {
          "changes": "7cd7e435cf9c0065",
          "recorded": "6018a61548987b37",
        },
      ],
    }
  `)
})

test.each(KINDS)('the contents of a %s are unique, small and large, and one is empty', (kind) => {
  const changes = changesOf({ kind, seed: 3, round: 1, changes: 60 })
  const contents = changes.flatMap((change) => {
    if (change.do === 'append') return [change.entry]
    if (change.do === 'put') return [change.value]
    return change.do === 'replace' ? [change.content] : []
  })
  expect(new Set(contents).size).toBe(contents.length)
  expect(contents.filter((content) => content === '')).toHaveLength(1)
  expect(contents.some((content) => content.length > 512 * 1024)).toBe(true)
  expect(contents.some((content) => content.length > 64 * 1024 && content.length < 80_000)).toBe(
    true,
  )
})

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
