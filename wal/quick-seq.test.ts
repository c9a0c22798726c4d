import { isUtf8 } from 'node:buffer'
import { expect, test } from 'vitest'
import { decodeJson } from './frame.ts'
import { quickSeq } from './quick-seq.ts'
import { fc, test as property } from './testing/properties.ts'

const nested = (depth: number) => `{"seq":7,"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
const nestedObjects = (depth: number) =>
  `{"seq":7,"a":${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}}`

/** What `JSON.parse` makes of it, in the same words. */
function slowSeq(json: Buffer): unknown {
  const entry = decodeJson(json)
  return typeof entry === 'string' ? entry : entry.seq
}

test.each([
  '{"seq":7}',
  '{"seq":7,"a":""}',
  '{"seq":7,"a":"x","b":"é ∞ \u007f"}',
  '{"seq":7,"a":"\\"\\\\\\n\\/\\b\\f\\r\\t\\u00e9\\uD83D"}',
  '{"seq":7,"a":true,"b":false,"c":null}',
  '{"seq":7,"a":0,"b":-0,"c":10,"d":-2.5,"e":0.75,"f":9,"g":1e3,"h":-1.5E-10,"i":0e+1}',
  '{"seq":7,"a":[],"b":[1],"c":["x",[true],{"d":null}]}',
  '{"seq":7,"a":{},"b":{"seq":1,"c\\n":{"seq":2}},"d":1}',
  '{"seq":7,"s":1,"sex":2,"saq":3,"oeq":4,"seqs":5}',
  ' {\n"seq"\t:\r7 , "a" : [ 1 , { } , [ ] ] , "b" : { "c" : "d" } } \n',
  nested(256),
  nestedObjects(256),
])('it tells the seq of %s', (json) => {
  expect(quickSeq(Buffer.from(json))).toBe(7n)
})

test.each([
  ['0', 0n],
  ['10', 10n],
  ['9007199254740991', 9_007_199_254_740_991n],
  ['9007199254740993', 9_007_199_254_740_993n],
  ['18446744073709551615', 18_446_744_073_709_551_615n],
  ['99999999999999999999', 99_999_999_999_999_999_999n],
  ['111111111111111111111', 'it does not start with a seq'],
  ['07', 'it does not start with a seq'],
  ['-7', 'it does not start with a seq'],
])('of a seq of %s it tells %s', (digits, seq) => {
  expect(quickSeq(Buffer.from(`{"seq":${digits}}`))).toBe(seq)
})

test.each([
  ['another seq', '{"seq":7,"seq":7}'],
  ['a key that can be another seq', '{"seq":7,"\\u0073eq":8}'],
  ['values nested too deeply', nested(257)],
  ['objects nested too deeply', nestedObjects(257)],
])('it leaves %s to JSON.parse', (_, json) => {
  expect(quickSeq(Buffer.from(json))).toBe(undefined)
})

property('whatever it tells, JSON.parse says the same', [fc.almostJson()], (json) => {
  const seq = isUtf8(json) ? quickSeq(json) : undefined
  if (seq !== undefined) expect(seq).toBe(slowSeq(json))
})

/** Every JSON that is one byte off, among the bytes that mean something in JSON. */
function* oneByteOff(json: string): Generator<Buffer> {
  for (let place = 0; place < json.length; place++) {
    for (const byte of Buffer.from('{}[],:"\\0-+9.eEtsqnu \n\u0000\u0001')) {
      const copy = Buffer.from(json)
      copy[place] = byte
      yield copy
    }
    yield Buffer.from(json.slice(0, place))
    yield Buffer.from(json.slice(0, place) + json.slice(place + 1))
    yield Buffer.from(json.slice(0, place) + json.slice(place - 1))
  }
}

test.each([
  '{"seq":10,"a":[true,false,null,[],{}],"b":{"c":"x\\n","d":-1.5,"e":0},"f":[1,"\\""]}',
  ' {\t"seq" : 10 ,\n"a" : "\\u00e9" , "b" : [ 1e5 , { "c" : -2.5E+7 } ] }\r',
])(
  'of every byte of %j that is wrong or too few or too many it says what JSON.parse says',
  (json) => {
    const told = { entries: 0, none: 0 }
    for (const bytes of oneByteOff(json)) {
      const seq = quickSeq(bytes)
      if (seq === undefined) continue
      expect([bytes.toString(), seq]).toEqual([bytes.toString(), slowSeq(bytes)])
      told[typeof seq === 'bigint' ? 'entries' : 'none']++
    }
    expect(Math.min(told.entries, told.none)).toBeGreaterThan(100)
  },
)
