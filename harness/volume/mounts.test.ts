import { describe, expect, test } from 'vitest'
import { isWithin, mountsAt, parseMountinfo } from './mounts.ts'

const EXT4 = '57 27 7:3 / /tmp/a/mnt rw,relatime shared:29 - ext4 /dev/loop3 rw,data=journal'

describe('the lines of mountinfo', () => {
  test('are told apart by their columns', () => {
    expect(parseMountinfo(`${EXT4}\n`)).toEqual([
      {
        mountPoint: '/tmp/a/mnt',
        minor: '3',
        options: 'rw,relatime',
        fsType: 'ext4',
        source: '/dev/loop3',
        superOptions: 'rw,data=journal',
      },
    ])
  })

  test.each([
    ['no optional field', ''],
    ['one', 'shared:1 '],
    ['several', 'shared:1 master:2 propagate_from:3 unbindable '],
  ])('are read with %s', (_, optional) => {
    const [mount] = parseMountinfo(`27 1 254:0 / /x rw ${optional}- xfs /dev/loop0 rw,noquota`)
    expect(mount).toMatchObject({ mountPoint: '/x', fsType: 'xfs', source: '/dev/loop0' })
  })

  test.each([
    ['a space', '/a\\040b', '/a b'],
    ['a tab', '/a\\011b', '/a\tb'],
    ['a newline', '/a\\012b', '/a\nb'],
    ['a backslash', '/a\\134b', '/a\\b'],
    ['a backslash before what looks like an escape', '/a\\134040b', '/a\\040b'],
    ['a hyphen between spaces', '/a\\040-\\040b', '/a - b'],
    ['other letters', '/tmp/größe', '/tmp/größe'],
  ])('may hold %s in a path', (_, written, path) => {
    const [mount] = parseMountinfo(`27 1 0:5 / ${written} rw - tmpfs ${written} rw`)
    expect(mount).toMatchObject({ mountPoint: path, source: path })
  })

  test('keep their order, the topmost of a stack last', () => {
    const text = `${EXT4}\n58 57 0:40 / /tmp/a/mnt rw - tmpfs none rw\n`
    expect(parseMountinfo(text).map(({ fsType }) => fsType)).toEqual(['ext4', 'tmpfs'])
  })

  test('are left out when they are cut off', () => {
    expect(parseMountinfo(`${EXT4}\n58 57 0:40 / /tmp/a`)).toHaveLength(1)
    expect(parseMountinfo('58 57 0:40 / /tmp/a rw - ext4')).toEqual([])
    expect(parseMountinfo('')).toEqual([])
  })
})

test('a folder whose name only begins alike is not within', () => {
  expect(isWithin('/tmp/a', '/tmp/a')).toBe(true)
  expect(isWithin('/tmp/a', '/tmp/a/mnt')).toBe(true)
  expect(isWithin('/tmp/a', '/tmp/ab')).toBe(false)
  expect(isWithin('/tmp/a', '/tmp')).toBe(false)
})

test.skipIf(process.platform !== 'linux')('the root is mounted', () => {
  expect(mountsAt('/')).not.toEqual([])
  expect(mountsAt('/no/such/place')).toEqual([])
})
