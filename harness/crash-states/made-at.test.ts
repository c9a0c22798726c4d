import { expect, test } from 'vitest'
import { makeTemplate } from '../power-cut/template.ts'
import { NEEDS, testPowerCuts } from '../power-cut/testing/scene.ts'
import { scratch } from '../volume/testing/scene.ts'
import { isOfFileSystem, madeAt } from './made-at.ts'

testPowerCuts.each(['ext4', 'xfs'] as const)(
  `a formatted %s says itself when it was made, and which it is${NEEDS}`,
  async (fileSystem) => {
    const before = Math.floor(Date.now() / 1000)
    const template = await makeTemplate({ fileSystem, stateDirectory: scratch() })
    const seconds = madeAt(template)
    expect(seconds).toBeGreaterThanOrEqual(before)
    expect(seconds).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000))
    const names = (['ext4', 'xfs', 'btrfs'] as const).filter((each) =>
      isOfFileSystem({ ...template, fileSystem: each }),
    )
    expect(names).toEqual([fileSystem])
  },
)

test('btrfs does not say when it was made, and an image that is too short does not either', () => {
  const image = new Uint8Array(16)
  expect(madeAt({ fileSystem: 'btrfs', image })).toBeNull()
  expect(() => madeAt({ fileSystem: 'ext4', image })).toThrow(RangeError)
})
