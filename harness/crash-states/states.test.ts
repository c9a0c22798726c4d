import { expect, test } from 'vitest'
import { streamOf } from '../plan/stream.ts'
import { choicesOf } from './choices.ts'
import { Fingerprints } from './fingerprint.ts'
import { imageOfState } from './image.ts'
import { epochsOf, type Recording } from './recording.ts'
import { type CrashState, STATE_KINDS } from './state.ts'
import { statesOf } from './states.ts'
import { type SyntheticRecord, synthetic } from './testing/synthetic.ts'

const contentOf = (recording: Recording, state: CrashState): string =>
  Buffer.from(imageOfState(recording, state)).toString('base64')

function contents(recording: Recording, states: CrashState[]): string[] {
  return states.map((state) => contentOf(recording, state)).sort()
}

/** Writes that overlap, repeat each other and undo each other, over two flushes. */
const KNOTTED: SyntheticRecord[] = [
  { sector: 0, fills: [1, 1, 1] },
  'flush',
  { sector: 1, fills: [2, 1] },
  { sector: 0, fills: [1, 1, 1] },
  { sector: 8, fills: [3, 4, 5, 6, 7, 8, 9, 10] },
  'flush',
  { sector: 1, fills: [0] },
  { sector: 1, fills: [1] },
]

const MANY = Array.from({ length: 12 }, (_, i) => ({ sector: i * 2, fills: [i + 1] }))

test('states have the same fingerprint exactly when their images are equal', () => {
  const recording = synthetic(KNOTTED)
  const fingerprints = new Fingerprints(recording)
  const byImage = new Map<string, string>()
  const byFingerprint = new Map<string, string>()
  for (const epoch of epochsOf(recording)) {
    for (const state of choicesOf(epoch, recording, streamOf(1, 0), 512)) {
      const image = contentOf(recording, state)
      const fingerprint = fingerprints.of(state)
      expect(byImage.get(image) ?? fingerprint).toBe(fingerprint)
      expect(byFingerprint.get(fingerprint) ?? image).toBe(image)
      byImage.set(image, fingerprint)
      byFingerprint.set(fingerprint, image)
    }
  }
  expect(byImage.size).toBeGreaterThan(20)
})

test('each image is a state once', () => {
  const recording = synthetic(KNOTTED)
  const { distinct, drawn } = statesOf(recording, 1)
  const images = contents(recording, distinct)
  expect(new Set(images).size).toBe(images.length)
  expect(drawn).toBeGreaterThan(images.length)
})

test('of few writes every subset is a state: with three of one sector, eight images', () => {
  const recording = synthetic([4, 5, 6].map((fill) => ({ sector: fill, fills: [fill] })))
  expect(statesOf(recording, 1).distinct).toHaveLength(8)
})

test('of many writes all prefixes are states, only one and all but one, and some others', () => {
  const recording = synthetic(MANY)
  const { distinct } = statesOf(recording, 1)
  const kept = new Set(distinct.map((state) => state.kept.join()))
  for (let i = 0; i < MANY.length; i++) {
    const all = MANY.map((_, number) => number)
    expect(kept).toContain(all.slice(0, i).join())
    expect(kept).toContain(String(i))
    expect(kept).toContain(all.filter((number) => number !== i).join())
  }
  expect(distinct.some(({ kind }) => kind === 'subset')).toBe(true)
})

test('a write is torn at its sectors, after the first and before the last ones, and at 4096 not within', () => {
  const recording = synthetic([{ sector: 0, fills: [1, 2, 3] }])
  const torn = (tearBytes: number) =>
    statesOf(recording, 1, tearBytes).distinct.filter(({ kind }) => kind === 'torn')
  const starts = contents(recording, torn(512))
  const expected = [
    [1, 0, 0],
    [1, 2, 0],
    [0, 2, 3],
    [0, 0, 3],
  ].map((fills) => {
    const image = Buffer.alloc(recording.template.length)
    for (const [sector, fill] of fills.entries()) image.fill(fill, sector * 512, sector * 512 + 512)
    return image.toString('base64')
  })
  expect(starts).toEqual(expected.sort())
  expect(torn(4096)).toEqual([])
})

test('what a flush made durable is in every later state', () => {
  const recording = synthetic([{ sector: 3, fills: [9] }, 'flush', { sector: 4, fills: [8] }], {
    startPosition: 2,
  })
  for (const state of statesOf(recording, 1).distinct) {
    expect(imageOfState(recording, state)[3 * 512]).toBe(9)
  }
})

test('of equal images, the one at the latest position stands for all, for it was promised most', () => {
  const recording = synthetic([{ sector: 0, fills: [1] }, 'flush', { sector: 1, fills: [2] }])
  const { distinct } = statesOf(recording, 1)
  const first = distinct.find((state) => {
    const image = imageOfState(recording, state)
    return image[0] === 1 && image[512] === 0
  })
  expect(first?.epoch.endPosition).toBe(3)
})

test('the order follows from the seed, and however few are taken there are some of all kinds', () => {
  const recording = synthetic([...KNOTTED, 'flush', ...MANY])
  const order = (seed: number) => JSON.stringify(statesOf(recording, seed).distinct)
  expect(order(1)).toBe(order(1))
  expect(order(1)).not.toBe(order(2))
  const kinds = new Set(
    statesOf(recording, 1)
      .distinct.slice(0, 5)
      .map(({ kind }) => kind),
  )
  expect(kinds).toEqual(new Set(STATE_KINDS))
})
