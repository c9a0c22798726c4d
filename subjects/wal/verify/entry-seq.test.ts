import { isUtf8 } from 'node:buffer'
import * as fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { entrySeq } from './entry-seq.ts'

/** The same by `JSON.parse`, which throws, takes memory, and is slow where it does. */
function bySpecification(bytes: Buffer): bigint | null {
  if (!isUtf8(bytes)) return null
  const digits =
    /^[ \t\n\r]*\{[ \t\n\r]*"seq"[ \t\n\r]*:[ \t\n\r]*(0|[1-9][0-9]{0,19})[ \t\n\r]*[,}]/
  const [, leading] = digits.exec(bytes.toString()) ?? []
  if (leading === undefined) return null
  try {
    const { seq } = JSON.parse(bytes.toString()) as { seq: unknown }
    return seq === Number(leading) ? BigInt(leading) : null
  } catch {
    return null
  }
}

const nested = (depth: number): string => `{"seq":7,"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
const nestedObjects = (depth: number): string =>
  `{"seq":7,"a":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`

const ENTRIES = [
  '{"seq":7}',
  ' { "seq" : 7 } ',
  '\t{\n"seq"\r:\n7\t,\r"a"\n:\t[ ] , "b" : { } }\n',
  '{"seq":7,"a":"","b":"x","c":"é ∞ \u007f"}',
  '{"seq":7,"a":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D"}',
  '{"seq":7,"a":0,"b":-0,"c":-2.5,"d":1e3,"e":1.5E-10,"f":0e+1}',
  '{"seq":7,"a":[true,false,null,[],{},[[1],{"b":[]}]]}',
  '{"seq":7,"s":1,"sexy":2,"eq":3,"a":{"seq":8}}',
  '{"seq":7,"seq":7}',
  '{"seq":7,"seq":7.0,"\\u0073\\u0065\\u0071":70e-1}',
  '{"seq":7,"seq":8,"seq":7}',
  nested(500_000),
  nestedObjects(100_000),
]

const NONE = [
  '',
  '{}',
  '[]',
  '7',
  '{"seq":7',
  '{"seq":7,',
  '{"seq":7,}',
  '{"seq":7}}',
  '{"seq":7} x',
  '{"seq":"7"}',
  '{"seq":-7}',
  '{"seq":07}',
  '{"seq":7.0}',
  '{"seq":7e0}',
  '{"seq":111111111111111111111}',
  '{"a":1,"seq":7}',
  '{"s eq":7}',
  '{"seq":7,"seq":8}',
  '{"seq":7,"seq":"7"}',
  '{"seq":7,"seq":[7]}',
  '{"seq":7,"\\u0073eq":8}',
  '{"seq":7,"\\u0053EQ":8,"a":}',
  '{"seq":7,"a":tru}',
  '{"seq":7,"a":truee}',
  '{"seq":7,"a":01}',
  '{"seq":7,"a":1.}',
  '{"seq":7,"a":.5}',
  '{"seq":7,"a":1e}',
  '{"seq":7,"a":+1}',
  '{"seq":7,"a":-}',
  '{"seq":7,"a":"\\x"}',
  '{"seq":7,"a":"\\u12g4"}',
  '{"seq":7,"a":"\\u12',
  '{"seq":7,"a":"\n"}',
  '{"seq":7,"a":"',
  '{"seq":7,"a":[1,]}',
  '{"seq":7,"a":[,1]}',
  '{"seq":7,"a":[1 2]}',
  '{"seq":7,"a":[}',
  '{"seq":7,"a":{]}',
  '{"seq":7,"a":{"b"}}',
  '{"seq":7,"a":{"b":1,}}',
  '{"seq":7,"a" 1}',
  '{"seq":7,a:1}',
  '{"seq":7,\u00a0"a":1}',
  '\ufeff{"seq":7}',
  nested(500_000).slice(0, -1),
  `{"seq":7,"a":${'['.repeat(500_000)}`,
]

test.each(ENTRIES.map((json) => [json.slice(0, 60), json]))('the seq of %j is 7', (_, json) => {
  expect(bySpecification(Buffer.from(json))).toBe(7n)
  expect(entrySeq(Buffer.from(json))).toBe(7n)
})

test.each(NONE.map((json) => [json.slice(0, 60), json]))('%j holds no entry', (_, json) => {
  expect(bySpecification(Buffer.from(json))).toBe(null)
  expect(entrySeq(Buffer.from(json))).toBe(null)
})

test.each([
  '0',
  '10',
  '999999999999999',
  '1000000000000000',
  '9007199254740993',
  '18446744073709551615',
  '99999999999999999999',
])('a seq of %s is exact', (digits) => {
  expect(entrySeq(Buffer.from(`{"seq":${digits},"a":1}`))).toBe(BigInt(digits))
})

test('bytes that are not UTF-8 hold no entry, and those that are do', () => {
  expect(entrySeq(Buffer.from('{"seq":7,"a":"\xff"}', 'latin1'))).toBe(null)
  expect(entrySeq(Buffer.from('{"seq":7,"a":"ÿ"}'))).toBe(7n)
})

test('what stands before and behind a frame is not looked at', () => {
  const bytes = Buffer.from('{"seq":1}{"seq":7,"a":1}}')
  expect(entrySeq(bytes, 9, bytes.length - 1)).toBe(7n)
  expect(entrySeq(bytes, 9, bytes.length - 2)).toBe(null)
  expect(entrySeq(bytes, 8, bytes.length - 1)).toBe(null)
})

test('whatever it is given, JSON.parse is never asked', () => {
  const parse = vi.spyOn(JSON, 'parse')
  onTestFinished(() => parse.mockRestore())
  for (const json of [...ENTRIES, ...NONE]) entrySeq(Buffer.from(json))
  expect(parse).not.toHaveBeenCalled()
})

test('of any JSON, and of any that is a few bytes off, it says what JSON.parse says', () => {
  const seen = { entries: 0, none: 0 }
  const told = fc.oneof(fc.nat(12), fc.maxSafeNat())
  const fields = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue())
  const space = fc.constantFrom('', '', ' ', '\n\t')
  const json = fc
    .tuple(told, fields, space, fc.constantFrom(undefined, 2))
    .map(([seq, rest, white, indent]) => {
      const text = JSON.stringify(rest, null, indent)
      return `${white}{${white}"seq"${white}:${white}${seq}${text === '{}' ? '}' : `,${text.slice(1)}`}`
    })
  const edit = fc.tuple(fc.nat(), fc.constantFrom(...Buffer.from('{}[],:"\\0-9.eu \n\u0000\u00ff')))
  fc.assert(
    fc.property(json, fc.array(edit, { maxLength: 2 }), (text, edits) => {
      const bytes = Buffer.from(text)
      for (const [place, byte] of edits) bytes[place % bytes.length] = byte
      const expected = bySpecification(bytes)
      expect([text, edits, entrySeq(bytes)]).toEqual([text, edits, expected])
      seen[expected === null ? 'none' : 'entries']++
    }),
    { numRuns: 5000 },
  )
  expect(Math.min(seen.entries, seen.none)).toBeGreaterThan(500)
})

test('of every byte that is wrong or missing it says what JSON.parse says', () => {
  const text =
    ' {"seq" : 10,"a":[true,false,null,[],{}],"b":{"c":"x\\n\\u00e9","seq":-1.5e+3},"d":[1,"\\""]}\t'
  for (let place = 0; place < text.length; place++) {
    const others = Array.from('{}[],:"\\0-+9.eEtsqnu \n\u0000\u0001', (byte) => {
      const copy = Buffer.from(text)
      copy.write(byte, place, 'latin1')
      return copy
    })
    const missing = Buffer.from(text.slice(0, place) + text.slice(place + 1))
    for (const bytes of [...others, missing, Buffer.from(text.slice(0, place))]) {
      expect([bytes.toString(), entrySeq(bytes)]).toEqual([
        bytes.toString(),
        bySpecification(bytes),
      ])
    }
  }
})
