import { expect, test } from 'vitest'
import { quickSeq } from './quick-seq.ts'
import { fc, test as property } from './testing/properties.ts'

const nested = (depth: number) => `{"seq":7,"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
const nestedObjects = (depth: number) =>
  `{"seq":7,"a":${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}}`

test.each([
  '{"seq":7}',
  '{"seq":7,"a":""}',
  '{"seq":7,"a":"x","b":"é ∞ \u007f"}',
  '{"seq":7,"a":"\\"\\\\\\n"}',
  '{"seq":7,"a":true,"b":false,"c":null}',
  '{"seq":7,"a":0,"b":-0,"c":10,"d":-2.5,"e":0.75,"f":9}',
  '{"seq":7,"a":[],"b":[1],"c":["x",[true],{"d":null}]}',
  '{"seq":7,"a":{},"b":{"seq":1,"c\\n":{"seq":2}},"d\\\\":1}',
  '{"seq":7,"s":1,"sex":2,"saq":3,"oeq":4,"seqs":5}',
  nested(32),
  nestedObjects(32),
])('it tells the seq of %s', (json) => {
  expect(quickSeq(Buffer.from(json))).toBe(7n)
})

test.each([
  ['0', 0n],
  ['10', 10n],
  ['9007199254740991', 9_007_199_254_740_991n],
  ['9007199254740992', undefined],
  ['18446744073709551615', undefined],
])('of a seq of %s it tells %s', (digits, seq) => {
  expect(quickSeq(Buffer.from(`{"seq":${digits}}`))).toBe(seq)
})

test.each([
  ['another seq', '{"seq":7,"seq":7}'],
  ['a key that can be another seq', '{"seq":7,"\\u0073eq":8}'],
  ['values nested too deeply', nested(33)],
  ['objects nested too deeply', nestedObjects(33)],
  ['an exponent', '{"seq":7,"a":1e3}'],
  ['white space', '{"seq":7, "a":1}'],
  ['no seq', '{"sez":7}'],
])('it leaves %s to JSON.parse', (_, json) => {
  expect(quickSeq(Buffer.from(json))).toBe(undefined)
})

property(
  'whatever it tells, JSON.parse accepts the same bytes and says the same',
  [fc.almostJson()],
  (json) => {
    const seq = quickSeq(json)
    if (seq === undefined) return
    expect(BigInt((JSON.parse(json.toString()) as { seq: number }).seq)).toBe(seq)
  },
)

/** Every JSON that is one byte off, among the bytes that mean something in JSON. */
function* oneByteOff(json: string): Generator<Buffer> {
  for (let place = 0; place < json.length; place++) {
    for (const byte of Buffer.from('{}[],:"\\0-9.etsqn \u0000')) {
      const copy = Buffer.from(json)
      copy[place] = byte
      yield copy
    }
    yield Buffer.from(json.slice(0, place))
    yield Buffer.from(json.slice(0, place) + json.slice(place + 1))
    yield Buffer.from(json.slice(0, place) + json.slice(place - 1))
  }
}

test('of every byte that is wrong or too few or too many it makes no seq that JSON.parse would not', () => {
  const told: string[] = []
  for (const json of oneByteOff(
    '{"seq":10,"a":[true,false,null,[],{}],"b":{"c":"x\\n","d":-1.5,"e":0},"f":[1,"\\""]}',
  )) {
    const seq = quickSeq(json)
    if (seq === undefined) continue
    told.push(json.toString())
    const value = JSON.parse(json.toString()) as Record<string, unknown>
    expect([json.toString(), value.seq]).toEqual([json.toString(), Number(seq)])
  }
  expect(told.length).toBeGreaterThan(100)
})
