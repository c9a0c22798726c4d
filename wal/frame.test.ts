import { expect, onTestFinished, test, vi } from 'vitest'
import { decodeJson, decodeSeq, encodeFrame } from './frame.ts'
import { MAX_FRAME_JSON_BYTES } from './layout.ts'
import { fc, test as property } from './testing/properties.ts'

test('§3.3 frame: a 4-byte big-endian length, then JSON that starts with seq, and no newline', () => {
  const json = '{"seq":7,"note":"é"}'
  expect(encodeFrame(7n, { note: 'é' }).toString('hex')).toBe(
    `00000015${Buffer.from(json).toString('hex')}`,
  )
  expect(encodeFrame(1n, {}).subarray(4).toString()).toBe('{"seq":1}')
  expect([...encodeFrame(1n, { a: 'x'.repeat(0x010203 - 16) }).subarray(0, 4)]).toEqual([
    0, 1, 2, 3,
  ])
})

test('§3.3 frame: a seq beyond 2^53 is exact, written and read', () => {
  const seq = 2n ** 63n + 1n
  const json = encodeFrame(seq, { a: 1 }).subarray(4)
  expect(json.toString()).toBe('{"seq":9223372036854775809,"a":1}')
  expect(decodeJson(json)).toEqual({ seq, fields: { a: 1 } })
  expect(decodeSeq(json)).toBe(seq)
})

test('a frame over the limit is refused, one at the limit is not', () => {
  const fill = (jsonBytes: number) => ({ a: 'x'.repeat(jsonBytes - '{"seq":1,"a":""}'.length) })
  expect(encodeFrame(1n, fill(MAX_FRAME_JSON_BYTES)).length).toBe(4 + MAX_FRAME_JSON_BYTES)
  expect(() => encodeFrame(1n, fill(MAX_FRAME_JSON_BYTES + 1))).toThrowError(
    expect.objectContaining({ code: 'FRAME_TOO_LARGE' }),
  )
})

test.each([
  ['null', null],
  ['an array', [1]],
  ['a string', 'seq'],
  ['a seq of its own', { seq: 1 }],
  ['a toJSON', new Date(0)],
  ['a toJSON that gives an object', { toJSON: () => ({ seq: 9 }) }],
  ['a boxed string', new String('x')],
  ['a boxed number', new Number(5)],
  ['a boxed boolean', new Boolean(true)],
  ['a bigint inside', { a: 1n }],
])('fields that are not a JSON object without seq are refused: %s', (_, fields) => {
  expect(() => encodeFrame(1n, fields as never)).toThrowError(
    expect.objectContaining({ code: 'FIELDS_INVALID' }),
  )
})

test.each([
  ['{"a":1}', 'it does not start with a seq'],
  ['{"a":1,"seq":1}', 'it does not start with a seq'],
  ['{"seq":"1"}', 'it does not start with a seq'],
  ['{"seq":-1}', 'it does not start with a seq'],
  ['{"seq":1.5}', 'it does not start with a seq'],
  ['{"seq":00}', 'it does not start with a seq'],
  ['{"seq":1e3}', 'it does not start with a seq'],
  ['{"seq":111111111111111111111}', 'it does not start with a seq'],
  ['[{"seq":1}]', 'it does not start with a seq'],
  ['{"seq":1,"seq":2}', 'it has more than one seq'],
  ['{"seq":1,"\\u0073eq":2}', 'it has more than one seq'],
  ['{"seq":01}', 'it does not start with a seq'],
  ['{"seq":1,}', 'it is not JSON'],
  ['{"seq":1}}', 'it is not JSON'],
  ['{"seq":1', 'it does not start with a seq'],
  ['', 'it does not start with a seq'],
])('a frame holding %s is malformed: %s', (json, why) => {
  expect(decodeJson(Buffer.from(json))).toBe(why)
  expect(decodeSeq(Buffer.from(json))).toBe(why)
})

test('a frame that is not UTF-8 is malformed', () => {
  const json = Buffer.from('{"seq":1,"a":"\xff"}', 'latin1')
  expect(decodeJson(json)).toBe('it is not UTF-8')
  expect(decodeSeq(json)).toBe('it is not UTF-8')
})

test('JSON.parse is spared what is an entry and what is none, since a log can be full of its throws', () => {
  const parse = vi.spyOn(JSON, 'parse')
  onTestFinished(() => parse.mockRestore())
  for (const text of [
    '',
    '\0\0',
    '{"se',
    '['.repeat(50),
    '{"seq":1,"a":"b"}',
    '{"seq":1,',
    '{ "seq" : 1 }x',
  ]) {
    decodeSeq(Buffer.from(text))
  }
  expect(parse).not.toHaveBeenCalled()
})

test('white space between tokens is JSON like any other', () => {
  const json = Buffer.from(' {\n"seq" : 12 ,\t"a" : [ 1 ] } ')
  expect(decodeJson(json)).toEqual({ seq: 12n, fields: { a: [1] } })
  expect(decodeSeq(json)).toBe(12n)
})

property(
  'any object comes back as it was given',
  [fc.bigInt(0n, 2n ** 64n - 1n), fc.jsonObject()],
  (seq, fields) => {
    expect(decodeJson(encodeFrame(seq, fields).subarray(4))).toEqual({ seq, fields })
  },
)

property(
  'decodeSeq says what decodeJson says, on entries and on damaged ones',
  [fc.almostJson()],
  (json) => {
    const entry = decodeJson(json)
    expect(decodeSeq(json)).toEqual(typeof entry === 'string' ? entry : entry.seq)
  },
)
