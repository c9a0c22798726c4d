import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf, textOf } from './name-bytes.ts'

test('a name of UTF-8 is its text', () => {
  expect(textOf(Buffer.from('log-ü-😀'))).toBe('log-ü-😀')
})

test('any bytes come back from their text, and different bytes have different texts', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (one, other) => {
      expect(bytesOf(textOf(one))).toEqual(Buffer.from(one))
      const isSame = Buffer.from(one).equals(Buffer.from(other))
      expect(textOf(one) === textOf(other)).toBe(isSame)
    }),
  )
  for (const odd of [[0xff], [0x61, 0xc3], [0xed, 0xb2, 0x80], [0xef, 0xbb, 0xbf]]) {
    expect(bytesOf(textOf(Buffer.from(odd)))).toEqual(Buffer.from(odd))
  }
})
