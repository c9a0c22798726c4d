import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { planPowerCut } from './power-cut.ts'
import { payloadsOf } from './workload.ts'

function digest(seed: number, round: number): string {
  const text = JSON.stringify(planPowerCut(seed, round))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

test('a seed means what it has always meant', () => {
  const digests = [0, 42, 0xffff_ffff].flatMap((seed) =>
    [1, 2, 9].map((round) => digest(seed, round)),
  )
  expect(
    digests,
    'these may never be changed: old evidence is recorded anew by its seed. Undo the change to the plan.',
  ).toEqual([
    'b5152d37978b668f',
    '224c6d9972b581bb',
    '1af405103b6160e2',
    '667ba8dae1907a19',
    '7cdc7f9047f75c2d',
    'a59872ecedc06343',
    '9ac683832bd4f5cc',
    'a5cce6df7c21c35e',
    '48c0b16d5df3cf82',
  ])
})

test('each round has three openings, a phantom before the second, and a neighbour beside the third', () => {
  for (let round = 1; round <= 50; round++) {
    const { sessions, markerAfter } = planPowerCut(7, round)
    const entries = sessions.flatMap(({ payloads }) => payloads)
    expect(sessions.map(({ phantom }) => phantom !== null)).toEqual([false, true, false])
    expect(sessions.map(({ busy }) => busy)).toEqual([false, false, true])
    expect(markerAfter).toBeGreaterThanOrEqual(1)
    expect(markerAfter).toBeLessThan(entries.length)
  }
})

test('each opening appends an entry that is longer than a block, with no two sectors alike', () => {
  for (const { payloads } of planPowerCut(7, 3).sessions) {
    const long = payloads.filter((each) => 'long' in each).map((each) => JSON.stringify(each))
    expect(long).toHaveLength(1)
    expect(long[0]?.length).toBeGreaterThan(4096)
    const sectors =
      Buffer.from(long[0] ?? '')
        .toString('latin1')
        .match(/.{512}/gs) ?? []
    expect(new Set(sectors).size).toBe(sectors.length)
  }
})

test('the entries are none of those that the kill tier draws from the same seed', () => {
  const ours = planPowerCut(7, 1).sessions.flatMap(({ payloads }) => payloads)
  const notes = new Set(
    [1, 2, 3].flatMap((stream) =>
      payloadsOf({ seed: 7, stream, entries: 10 }).map(({ origin }) => JSON.stringify(origin)),
    ),
  )
  for (const { origin } of ours) expect(notes).not.toContain(JSON.stringify(origin))
})
