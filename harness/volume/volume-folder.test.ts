import { readdirSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readTitle } from '../owned/owned-folder.ts'
import { allEntries } from '../owned/registry.ts'
import { ownerOfThisProcess } from '../process/owner.ts'
import { scratch, sh, testVolumes } from './testing/scene.ts'
import { imageOf, makeVolumeFolder } from './volume-folder.ts'

const MIB = 1024 * 1024

test('a volume’s folder names its owner, and its image takes no space', () => {
  const folder = makeVolumeFolder(scratch(), 'ext4', 320 * MIB)
  expect(readTitle(folder)).toMatchObject({ owner: ownerOfThisProcess() })
  expect(readdirSync(folder).sort()).toEqual(['alive', 'image', 'mnt', 'owner.json'])
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  const { size, blocks } = statSync(imageOf(folder))
  expect(size).toBe(320 * MIB)
  expect(blocks * 512).toBeLessThan(MIB)
})

testVolumes('a folder that can’t be finished is not begun', () => {
  for (const inodes of [1, 2, 3, 4, 5]) {
    const root = scratch()
    sh('mount', '-t', 'tmpfs', '-o', `mode=700,nr_inodes=${inodes}`, 'none', root)
    expect(() => makeVolumeFolder(root, 'ext4', MIB)).toThrow(
      expect.objectContaining({ code: 'BROKEN', message: expect.stringMatching(/ENOSPC/) }),
    )
    expect(readdirSync(root)).toEqual([])
    expect(allEntries().filter(({ path }) => path.startsWith(root))).toEqual([])
  }
})
