import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { makeDirectories } from './make-directories.ts'

test('directories are made with those above them, and made twice they stay', () => {
  const path = join(temporaryDirectory(), 'a', 'b', 'c')
  makeDirectories(path, 0o700)
  makeDirectories(path)
  expect(statSync(path).mode & 0o777).toBe(0o700)
})

test('a directory is made through a link that leads to one', () => {
  const root = temporaryDirectory()
  symlinkSync(root, join(root, 'link'))
  makeDirectories(join(root, 'link', 'made'))
  expect(existsSync(join(root, 'made'))).toBe(true)
})

const onLinux = test.skipIf(process.platform !== 'linux')

onLinux('making a directory below /proc is refused, and ends', () => {
  expect(() => makeDirectories('/proc/x')).toThrow(/ENOENT/)
  expect(() => makeDirectories('/proc/self/x/y')).toThrow(/ENOENT/)
})

test.each<[string, (root: string) => string, RegExp]>([
  [
    'is a file',
    (root) => {
      writeFileSync(join(root, 'file'), '')
      return join(root, 'file')
    },
    /ENOTDIR/,
  ],
  [
    'is below a file',
    (root) => {
      writeFileSync(join(root, 'file'), '')
      return join(root, 'file', 'below')
    },
    /ENOTDIR/,
  ],
  [
    'is a link that leads nowhere',
    (root) => {
      symlinkSync(join(root, 'none'), join(root, 'link'))
      return join(root, 'link')
    },
    /ENOENT|EEXIST/,
  ],
  [
    'is a link to itself',
    (root) => {
      symlinkSync(join(root, 'loop'), join(root, 'loop'))
      return join(root, 'loop', 'below')
    },
    /ELOOP/,
  ],
  ['has a name that is too long', (root) => join(root, 'x'.repeat(256)), /ENAMETOOLONG/],
])('a directory that %s is refused by the system’s own error', (_, path, error) => {
  expect(() => makeDirectories(path(temporaryDirectory()))).toThrow(error)
})

test('of a path that is too deep nothing stays', () => {
  const root = temporaryDirectory()
  expect(() => makeDirectories(join(root, 'x/'.repeat(3000)))).toThrow(/ENAMETOOLONG/)
  expect(readdirSync(root)).toEqual([])
})

test('nothing else here makes directories recursively', () => {
  const sources = [
    'harness',
    'matrix',
    'api',
    'wal',
    'subjects/wal',
    'subjects/atomic-rename',
  ].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  const culprits = sources.filter(
    (path) =>
      path.endsWith('.ts') &&
      !/\.(test|pictures)\.ts$/.test(path) &&
      !path.includes('testing') &&
      /mkdir(Sync)?\([^)]*recursive/.test(readFileSync(path, 'utf8')),
  )
  expect(culprits).toEqual([])
})
