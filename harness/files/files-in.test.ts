import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { destroyedBetween, digestOfFiles, filesIn } from './files-in.ts'

const filesOf = (texts: Record<string, string>): Map<string, Buffer> =>
  new Map(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]))

test('regular files are read wherever they are, and links are not', () => {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'sub'))
  writeFileSync(join(directory, 'a'), '1')
  writeFileSync(join(directory, 'sub', 'b'), '2')
  symlinkSync('/etc/passwd', join(directory, 'link'))
  expect(filesIn(directory)).toEqual(filesOf({ a: '1', 'sub/b': '2' }))
  expect(filesIn(join(directory, 'nowhere'))).toEqual(new Map())
})

test('the digest is of names and bytes, in whatever order they were listed', () => {
  const digest = digestOfFiles(filesOf({ a: '1', b: '2' }))
  expect(digestOfFiles(filesOf({ b: '2', a: '1' }))).toBe(digest)
  for (const other of [{ a: '1' }, { a: '1', b: '3' }, { a: '1', c: '2' }, { a: '12', b: '' }]) {
    expect(digestOfFiles(filesOf(other))).not.toBe(digest)
  }
})

test.each([
  ['a file that is as it was', { a: '1' }, { a: '1' }, []],
  ['a new file', { a: '1' }, { a: '1', lock: '' }, []],
  ['a line behind the others', { a: '1' }, { a: '12' }, []],
  ['another name', { a: '1' }, { b: '1' }, []],
  ['an empty file that is gone', { a: '1', lock: '' }, { a: '1' }, []],
  ['a file that is gone', { a: '1', b: '2' }, { b: '2' }, ['a']],
  ['a shorter file', { a: '12' }, { a: '1' }, ['a']],
  ['other bytes', { b: '1', a: '2' }, { b: '3', a: '4' }, ['a', 'b']],
])('%s: what is destroyed is told by name', (_, before, after, destroyed) => {
  expect(destroyedBetween(filesOf(before as never), filesOf(after as never))).toEqual(destroyed)
})
