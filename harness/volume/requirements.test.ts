import { describe, expect, test } from 'vitest'
import { volumeCapabilities } from './capabilities.ts'
import { grantsMounting, lacksFor, type Machine } from './requirements.ts'

const ABLE: Machine = {
  platform: 'linux',
  isRoot: true,
  canMount: true,
  hasLoopDevices: true,
  hasCommand: () => true,
  hasFileSystem: () => true,
}

describe('what volumes of xfs need', () => {
  test('is there on an able machine', () => {
    expect(lacksFor('xfs', ABLE)).toEqual([])
  })

  test.each<[string, Partial<Machine>, RegExp]>([
    ['another system', { platform: 'darwin' }, /^Linux.* run it on Linux/],
    ['a user', { isRoot: false }, /^root, to mount run it with sudo$/],
    ['a container’s root', { canMount: false }, /^the right to mount .*--privileged$/],
    ['no loop devices', { hasLoopDevices: false }, /^loop devices .*`modprobe loop`/],
    [
      'no mkfs',
      { hasCommand: (name) => name !== 'mkfs.xfs' },
      /^mkfs\.xfs run `apt-get install xfsprogs`$/,
    ],
    [
      'no losetup',
      { hasCommand: (name) => name !== 'losetup' },
      /^losetup run `apt-get install mount`$/,
    ],
    [
      'another kernel',
      { hasFileSystem: (name) => name !== 'xfs' },
      /^a kernel with xfs run `modprobe xfs`/,
    ],
  ])('is told when there is %s', (_, machine, said) => {
    const lacks = lacksFor('xfs', { ...ABLE, ...machine })
    expect(lacks).toHaveLength(1)
    expect(lacks.map(({ what, remedy }) => `${what} ${remedy}`)[0]).toMatch(said)
  })

  test('is told all at once', () => {
    const poor = { ...ABLE, isRoot: false, hasCommand: () => false, hasFileSystem: () => false }
    expect(lacksFor('xfs', poor).map(({ what }) => what)).toEqual([
      'root, to mount',
      'mkfs.xfs',
      'mount',
      'umount',
      'losetup',
      'a kernel with xfs',
    ])
  })

  test('is not told of another file system’s', () => {
    expect(lacksFor('ext4', { ...ABLE, hasCommand: (name) => name !== 'mkfs.xfs' })).toEqual([])
  })
})

describe('the right to mount', () => {
  test.each([
    ['000001ffffffffff', true],
    ['000001fffeffffff', true],
    ['0000000000200000', true],
    // Docker's default set.
    ['00000000a80425fb', false],
    ['0000000000000000', false],
  ])('with the capabilities %s is %s', (effective, granted) => {
    const status = `Name:\tnode\nCapPrm:\t000001ffffffffff\nCapEff:\t${effective}\nCapBnd:\t000001ffffffffff\n`
    expect(grantsMounting(status)).toBe(granted)
  })

  test('is nobody’s where nothing is said', () => {
    expect(grantsMounting('')).toBe(false)
  })
})

describe('capabilities', () => {
  test('are told for every file system', async () => {
    const capabilities = await volumeCapabilities()
    expect(capabilities.map(({ fileSystem }) => fileSystem)).toEqual(['ext4', 'xfs', 'btrfs'])
    for (const { available, missing } of capabilities) expect(available).toBe(missing.length === 0)
  })

  test.skipIf(process.platform !== 'linux')('name the package when mkfs is missing', async () => {
    const capabilities = await volumeCapabilities({ path: '/no/such/place' })
    expect(capabilities.map(({ toolMissing }) => toolMissing)).toEqual([true, true, true])
    expect(capabilities.map(({ available }) => available)).toEqual([false, false, false])
    expect(capabilities.flatMap(({ missing }) => missing)).toEqual(
      expect.arrayContaining([
        'mkfs.ext4 (run `apt-get install e2fsprogs`)',
        'mkfs.xfs (run `apt-get install xfsprogs`)',
        'mkfs.btrfs (run `apt-get install btrfs-progs`)',
      ]),
    )
  })
})
