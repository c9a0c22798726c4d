import fc from 'fast-check'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { expect, test } from 'vitest'
import { MAX_SEED, streamOf } from './stream.ts'

const anySeed = fc.oneof(fc.constantFrom(0, 1, MAX_SEED), fc.nat(MAX_SEED))

function numbersOf(seed: number, index: number): number[] {
  const stream = streamOf(seed, index)
  return Array.from({ length: 5 }, () => stream.between(0, MAX_SEED))
}

function jumpedFromTheStart(seed: number, index: number): number[] {
  const generator = xoroshiro128plus(seed | 0)
  for (let i = 0; i < index; i++) generator.jump()
  return Array.from({ length: 5 }, () => uniformInt(generator, 0, MAX_SEED))
}

test('a stream is the generator of its seed, jumped as often as its index, whatever came before', () => {
  const asked = fc.tuple(anySeed, fc.integer({ min: 0, max: 40 }))
  fc.assert(
    fc.property(fc.array(asked, { minLength: 1, maxLength: 8 }), (list) => {
      for (const [seed, index] of list) {
        expect(numbersOf(seed, index)).toEqual(jumpedFromTheStart(seed, index))
      }
    }),
  )
})

test('drawing from one stream moves no other, not even a second one of the same index', () => {
  const one = streamOf(7, 3)
  const other = streamOf(7, 3)
  one.between(0, 9)
  expect(Array.from({ length: 5 }, () => other.between(0, MAX_SEED))).toEqual(numbersOf(7, 3))
})

test('no two streams of a seed, and no two seeds, begin alike', () => {
  const beginnings = [0, 1, 42, MAX_SEED - 1, MAX_SEED].flatMap((seed) =>
    Array.from({ length: 50 }, (_, index) => numbersOf(seed, index).join()),
  )
  expect(new Set(beginnings).size).toBe(beginnings.length)
})

test('numbers are drawn from both bounds and all between, and choices from the first to the last', () => {
  const stream = streamOf(1, 1)
  const drawn = Array.from({ length: 200 }, () => stream.between(-1, 2))
  expect([...new Set(drawn)].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2])
  const chosen = Array.from({ length: 200 }, () => stream.oneOf(['a', 'b', 'c']))
  expect([...new Set(chosen)].sort()).toEqual(['a', 'b', 'c'])
})
