import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { CannotRead } from './cannot-read.ts'
import { listBounded } from './list-bounded.ts'
import { readBounded } from './read-bounded.ts'
import { readText, textOf } from './read-text.ts'
import { parseStrictly } from './strict-json.ts'

/** Puts something other than a file at a path. */
const ODD: [string, (path: string) => void | Promise<void>, string][] = [
  ['FIFO', (path) => void execFileSync('mkfifo', [path]), 'is a FIFO and not a file'],
  ['directory', (path) => mkdirSync(path), 'is a directory and not a file'],
  ['link to a file', (path) => symlinkSync('/etc/passwd', path), 'is a link and not a file'],
  ['dangling link', (path) => symlinkSync('/nowhere', path), 'is a link and not a file'],
  ['link to itself', (path) => symlinkSync(path, path), 'is a link and not a file'],
  [
    'socket',
    async (path) => {
      const server = createServer().listen(path)
      onTestFinished(() => void server.close())
      await new Promise((resolve) => server.once('listening', resolve))
    },
    'is a socket and not a file',
  ],
]

test.each(ODD)(
  'a %s is refused in the place of a file, and not waited for',
  async (_, put, why) => {
    const path = join(temporaryDirectory(), 'file')
    await put(path)
    expect(() => readBounded(path, { maxBytes: 10 })).toThrow(new CannotRead(why))
  },
)

test.each(['/dev/zero', '/dev/tty', '/dev/null'])(
  'the device %s is refused, and not opened',
  (path) => {
    for (const followLink of [false, true]) {
      expect(() => readBounded(path, { maxBytes: 10, followLink })).toThrow(
        'is a device and not a file',
      )
    }
  },
)

test('a link to a FIFO is refused even where links are followed', () => {
  const directory = temporaryDirectory()
  execFileSync('mkfifo', [join(directory, 'fifo')])
  symlinkSync('fifo', join(directory, 'link'))
  const options = { maxBytes: 10, followLink: true }
  expect(() => readBounded(join(directory, 'link'), options)).toThrow('is a FIFO and not a file')
})

test('a file of the largest size is read, and one that is a byte longer is not', () => {
  const path = join(temporaryDirectory(), 'file')
  for (const sizeBytes of [0, 1, 10]) {
    writeFileSync(path, Buffer.alloc(sizeBytes, 'x'))
    expect(readBounded(path, { maxBytes: 10 })).toEqual(Buffer.alloc(sizeBytes, 'x'))
  }
  writeFileSync(path, Buffer.alloc(11))
  const why = 'is too large: 11 bytes, and at most 10 are read'
  expect(() => readBounded(path, { maxBytes: 10 })).toThrow(new CannotRead(why))
})

test('a sparse file of a terabyte is refused by its size', () => {
  const path = join(temporaryDirectory(), 'file')
  writeFileSync(path, '')
  truncateSync(path, 2 ** 40)
  expect(() => readBounded(path, { maxBytes: 10 })).toThrow('is too large: 1099511627776 bytes')
})

test.runIf(process.platform === 'linux')(
  'a file that says it is empty is read no further than it may',
  () => {
    const options = { maxBytes: 100 }
    expect(() => readBounded('/proc/self/smaps', options)).toThrow('at most 100 are read')
    expect(readBounded('/proc/self/comm', options).length).toBeGreaterThan(0)
  },
)

test('a directory is listed up to so many entries, and those that are not wanted do not count', () => {
  const directory = temporaryDirectory()
  for (const name of ['a1', 'a2', 'b1', 'b2', 'b3']) writeFileSync(join(directory, name), '')
  const names = (wanted?: (name: string) => boolean) =>
    listBounded(directory, { maxEntries: 3, ...(wanted && { wanted }) }).map(({ name }) => name)
  expect(names((name) => name.startsWith('b')).sort()).toEqual(['b1', 'b2', 'b3'])
  expect(() => names()).toThrow(new CannotRead('holds more than 3 entries'))
})

test.each([
  ['bytes that are no UTF-8', Buffer.from([0xc3, 0x28]), 'is not UTF-8'],
  ['a surrogate in UTF-8', Buffer.from([0xed, 0xa0, 0x80]), 'is not UTF-8'],
  ['an overlong slash', Buffer.from([0xc0, 0xaf]), 'is not UTF-8'],
  ['a truncated letter', Buffer.from('ä').subarray(0, 1), 'is not UTF-8'],
  ['a byte order mark', Buffer.from('\uFEFF{}'), 'begins with a byte order mark'],
  ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le'), 'is not UTF-8'],
])('%s is no text', (_, bytes, why) => {
  expect(() => textOf(bytes)).toThrow(new CannotRead(why))
  const path = join(temporaryDirectory(), 'file')
  writeFileSync(path, bytes)
  expect(() => readText(path, { maxBytes: 100 })).toThrow(new CannotRead(why))
})

test.each([
  ['a key twice', '{"a":1,"a":1}', 'has a key twice'],
  ['a key twice, once escaped', '{"a":1,"\\u0061":2}', 'has a key twice'],
  ['a key twice deep within', '[{"b":[{"c":{"a":1,"x":2,"a":3}}]}]', 'has a key twice'],
  ['an empty key twice', '{"":1,"":2}', 'has a key twice'],
  ['a number for a key twice', '{"1":1,"1":2}', 'has a key twice'],
  ['__proto__', '{"__proto__":{"admin":true}}', 'has a key __proto__'],
  ['__proto__ deep within', '{"a":[{"\\u005f_proto__":null}]}', 'has a key __proto__'],
  ['nothing', '', 'is not JSON'],
  ['two values', '{} {}', 'is not JSON'],
  ['a comma too many', '{"a":1,}', 'is not JSON'],
  ['a control character in a string', '"\n"', 'is not JSON'],
])('JSON with %s is refused', (_, text, why) => {
  expect(() => parseStrictly(text)).toThrow(new CannotRead(why))
})

test('nesting however deep is no JSON of a kind, and no crash', () => {
  const deep = 200_000
  expect(parseStrictly('['.repeat(deep) + ']'.repeat(deep))).toBeInstanceOf(Array)
  expect(() => parseStrictly('{"a":'.repeat(deep))).toThrow('is not JSON')
})

test('any JSON without a key twice is parsed as ever, however its keys and strings look', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      if (text.includes('__proto__')) return
      expect(parseStrictly(text)).toEqual(JSON.parse(text))
    }),
  )
})

test('any key that is written twice is found', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.jsonValue(),
      fc.jsonValue(),
      (key, one, other) => {
        const name = JSON.stringify(key)
        const text = `{"x:\\"":[":"],"y":{${name}:${JSON.stringify(one)},${name}:${JSON.stringify(other)}}}`
        expect(() => parseStrictly(text)).toThrow(CannotRead)
      },
    ),
  )
})
