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
    'e1400b8776c000a3',
    '21b70a3d81ff0ab2',
    '6aeb95a994679210',
    'f221c5c65b5b8d39',
    '0d4ee2fbafe99ed9',
    'be019ea7d3fe4801',
    'ff1048f90f496110',
    '761615e9b1d07665',
    '9d840b5343fee691',
  ])
})

test('each round has three openings, a phantom before the second, and a neighbour beside the third', () => {
  for (let round = 1; round <= 50; round++) {
    const { sessions } = planPowerCut(7, round)
    expect(sessions.map(({ phantom }) => phantom !== null)).toEqual([false, true, false])
    expect(sessions.map(({ busy }) => busy)).toEqual([false, false, true])
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
