import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownerOfThisProcess } from '../process/owner.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { lifeSignIn } from './life-sign.ts'
import {
  freshPath,
  makeOwnedFolder,
  ownerFileOf,
  readTitle,
  removeOwnedFolder,
  unfinishedOf,
} from './owned-folder.ts'
import { entryOf } from './registry.ts'

const owned = (parent = temporaryDirectory()): string => freshPath(parent, 'thing-')

test('an owned folder says whose it is, is written down, and bears a sign of life', () => {
  const folder = makeOwnedFolder(owned(), 'folder')
  const owner = ownerOfThisProcess()
  expect(readTitle(folder)).toMatchObject({ owner })
  expect(entryOf(folder)).toMatchObject({ kind: 'folder', path: folder, owner })
  expect(lifeSignIn(folder)).toBe('held')
  removeOwnedFolder(folder)
  expect([existsSync(folder), entryOf(folder)]).toEqual([false, null])
})

test('an owned folder has its name only when it is filled, and is written down before it is there', () => {
  const folder = owned()
  makeOwnedFolder(folder, 'folder', (unfinished) => {
    expect(unfinished).toBe(unfinishedOf(folder))
    expect(existsSync(folder)).toBe(false)
    expect(readTitle(unfinished)).toMatchObject({ owner: ownerOfThisProcess() })
    expect(lifeSignIn(unfinished)).toBe('held')
    expect(entryOf(folder)).not.toBeNull()
    writeFileSync(join(unfinished, 'content'), '')
  })
  expect(readdirSync(folder)).toContain('content')
})

test('of an owned folder that can’t be filled nothing stays', () => {
  const parent = temporaryDirectory()
  const folder = owned(parent)
  const fill = () => {
    throw new Error('meant')
  }
  expect(() => makeOwnedFolder(folder, 'folder', fill)).toThrow('meant')
  expect([readdirSync(parent), entryOf(folder)]).toEqual([[], null])
})

test('a sign of life is dropped with its folder, and is none where something else has its name', () => {
  const folder = makeOwnedFolder(owned(), 'folder')
  rmSync(join(folder, 'alive'))
  expect(lifeSignIn(folder)).toBe('none')
  writeFileSync(join(folder, 'alive'), '')
  expect(lifeSignIn(folder)).toBe('none')
})

const TITLE = {
  format: 'pullplug-owned/1',
  owner: { pid: 1, startTicks: 7, bootId: 'b', pidNamespace: 'pid:[1]' },
  createdAtMs: 1,
}

test.each([
  ['an empty file', '', 'broken'],
  ['half a file', JSON.stringify(TITLE).slice(0, 40), 'broken'],
  ['null', 'null', 'broken'],
  ['another program’s', JSON.stringify({ ...TITLE, format: 'other/1' }), 'other'],
  ['no owner', JSON.stringify({ ...TITLE, owner: undefined }), 'other'],
  ['an owner without a boot', JSON.stringify({ ...TITLE, owner: { pid: 1 } }), 'other'],
  ['a process group', JSON.stringify({ ...TITLE, owner: { ...TITLE.owner, pid: -1 } }), 'other'],
  ['no time', JSON.stringify({ ...TITLE, createdAtMs: 'now' }), 'other'],
])('%s is nobody’s title', (_, text, is) => {
  const folder = temporaryDirectory()
  writeFileSync(ownerFileOf(folder), JSON.stringify(TITLE))
  expect(readTitle(folder)).toEqual(TITLE)
  writeFileSync(ownerFileOf(folder), text)
  expect(readTitle(folder)).toBe(is)
})

test('a folder without a title has none', () => {
  const folder = join(temporaryDirectory(), 'none')
  expect(readTitle(folder)).toBe('broken')
  mkdirSync(folder)
  expect(readTitle(folder)).toBe('broken')
})
