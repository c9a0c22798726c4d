import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator'

/** The largest seed: an unsigned 32-bit number. */
export const MAX_SEED = 0xffff_ffff

/** A source of whole numbers; each call moves it on. */
export interface Stream {
  /** A number from `min` to `max`, both included. */
  between(min: number, max: number): number
  /** One of `choices`, each as likely as the others. */
  oneOf<T>(choices: readonly [T, ...T[]]): T
}

/** Where the last jump ended: streams are mostly asked for in order, and a long way is slow. */
let last: { seed: number; index: number; generator: JumpableRandomGenerator } | undefined

function jumpedTo(seed: number, index: number): JumpableRandomGenerator {
  if (last === undefined || last.seed !== seed || last.index > index) {
    last = { seed, index: 0, generator: xoroshiro128plus(seed | 0) }
  }
  for (; last.index < index; last.index++) last.generator.jump()
  return last.generator.clone()
}

/**
 * The `index`-th random stream of a seed (xoroshiro128+; each stream begins 2^64 numbers after the one
 * before it). The numbers are the same on every machine, and frozen by a test. The streams of a seed itself belong
 * to the tier of kills, whose plans have the even ones and whose entries the odd ones: whatever else draws from a
 * seed does so by `namedStream`, or by a seed of its own (`power-cut.ts`).
 */
export function streamOf(seed: number, index: number): Stream {
  const generator = jumpedTo(seed, index)
  const between = (min: number, max: number): number => uniformInt(generator, min, max)
  return {
    between,
    oneOf: (choices) => choices[between(0, choices.length - 1)] as (typeof choices)[0],
  }
}

/** FNV-1a, 32 bits: spreads names over seeds. */
function hashOf(name: string): number {
  let hash = 0x811c_9dc5
  for (const byte of new TextEncoder().encode(name)) {
    hash = Math.imul(hash ^ byte, 0x0100_0193) >>> 0
  }
  return hash
}

/**
 * The `index`-th random stream of a seed under a name, such as `changes of a log`: no two names draw from the
 * same numbers, nor does one from those of `streamOf` with the seed itself.
 */
export function namedStream(seed: number, name: string, index: number): Stream {
  return streamOf((seed ^ hashOf(name)) >>> 0, index)
}
