import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownerOfThisProcess } from '../process/owner.ts'
import { scratch, sh, testVolumes } from './testing/scene.ts'
import { imageOf, makeVolumeFolder, ownerFileOf, readTitle } from './volume-folder.ts'

const MIB = 1024 * 1024

test('a volume’s folder names its owner, and its image takes no space', () => {
  const folder = makeVolumeFolder(scratch(), 'ext4', 320 * MIB)
  expect(readTitle(folder)?.owner).toEqual(ownerOfThisProcess())
  expect(readdirSync(folder).sort()).toEqual(['image', 'mnt', 'owner.json'])
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  const { size, blocks } = statSync(imageOf(folder))
  expect(size).toBe(320 * MIB)
  expect(blocks * 512).toBeLessThan(MIB)
})

const TITLE = {
  format: 'pullplug-volume/1',
  owner: { pid: 1, startTicks: 7, bootId: 'b' },
  createdAtMs: 1,
}

test.each([
  ['an empty file', ''],
  ['half a file', JSON.stringify(TITLE).slice(0, 40)],
  ['null', 'null'],
  ['another program’s', JSON.stringify({ ...TITLE, format: 'other/1' })],
  ['no owner', JSON.stringify({ ...TITLE, owner: undefined })],
  ['an owner without a boot', JSON.stringify({ ...TITLE, owner: { pid: 1, startTicks: 7 } })],
  ['a process group', JSON.stringify({ ...TITLE, owner: { ...TITLE.owner, pid: -1 } })],
  ['no time', JSON.stringify({ ...TITLE, createdAtMs: 'now' })],
])('%s is nobody’s title', (_, text) => {
  const folder = makeVolumeFolder(scratch(), 'ext4', MIB)
  writeFileSync(ownerFileOf(folder), JSON.stringify(TITLE))
  expect(readTitle(folder)).toMatchObject({ owner: TITLE.owner })
  writeFileSync(ownerFileOf(folder), text)
  expect(readTitle(folder)).toBeNull()
})

test('a title that was written and not yet renamed counts', () => {
  const folder = scratch()
  writeFileSync(join(folder, 'owner.json.new'), JSON.stringify(TITLE))
  expect(readTitle(folder)).toMatchObject({ owner: TITLE.owner })
})

testVolumes('a folder that can’t be finished is not begun', () => {
  for (const inodes of [1, 2, 3, 4]) {
    const root = scratch()
    sh('mount', '-t', 'tmpfs', '-o', `mode=700,nr_inodes=${inodes}`, 'none', root)
    expect(() => makeVolumeFolder(root, 'ext4', MIB)).toThrow(
      expect.objectContaining({ code: 'BROKEN', message: expect.stringMatching(/ENOSPC/) }),
    )
    expect(readdirSync(root)).toEqual([])
  }
})
