import { expect, test } from 'vitest'
import { explainFailure } from './explain-failure.ts'

const GIB = 1024 ** 3

const explained = (stderr: string, rest: { freeBytes?: number; mountOptions?: string[] } = {}) =>
  explainFailure({
    purpose: 'mounting xfs',
    stderr,
    ending: 'Command failed with exit code 32',
    freeBytes: GIB,
    mountOptions: [],
    ...rest,
  })

const DMESG = '       dmesg(1) may have more information after failed mount system call.'

// As util-linux 2.38, e2fsprogs 1.47, xfsprogs 6.1 and btrfs-progs 6.2 say it.
test.each([
  [
    'mkfs.ext4: No space left on device while writing out and closing file system',
    'BROKEN',
    'Free',
  ],
  ['mkfs.xfs: libxfs_device_zero write failed: No space left on device', 'BROKEN', 'Free'],
  ['mount: /m: failed to setup loop device for /i.', 'MISSING', 'losetup -a'],
  ['mount: /m: could not find any free loop device', 'MISSING', 'losetup -a'],
  ['losetup: cannot find an unused loop device', 'MISSING', 'losetup -a'],
  [`mount: /m: permission denied.\n${DMESG}`, 'MISSING', 'root'],
  ['mount: only root can do that', 'MISSING', 'root'],
  ['mount: /m: must be superuser to use mount.', 'MISSING', 'root'],
  [`mount: /m: unknown filesystem type 'xfs'.\n${DMESG}`, 'MISSING', 'modprobe'],
  [`mount: /m: mount(2) system call failed: Structure needs cleaning.\n${DMESG}`, 'BROKEN', 'log'],
])('%s', (stderr, code, remedy) => {
  const error = explained(stderr)
  expect(error.code).toBe(code)
  expect(error.remedy).toContain(remedy)
  expect(error.message).toContain(stderr.split('\n')[0])
  expect(error.message).not.toContain('dmesg(1)')
})

test('a disk without space explains an error that says something else', () => {
  const stderr =
    "ERROR: failed to zero device 'i': Input/output error\nERROR: unable prepare device"
  const error = explained(stderr, { freeBytes: 4096 })
  expect(error.message).toMatch(/the disk is full: ERROR: failed to zero .*; ERROR: unable prepare/)
})

test('the options of a mount that failed are pointed at', () => {
  const stderr = `mount: /m: wrong fs type, bad option, bad superblock on /dev/loop0.\n${DMESG}`
  expect(explained(stderr, { mountOptions: ['nonsense=1'] }).remedy).toContain('nonsense=1')
  expect(explained(stderr).remedy).not.toContain('options')
})

test('a command that said nothing is told by its end', () => {
  expect(explained('').message).toBe('mounting xfs failed: Command failed with exit code 32')
})

test('the complaint is told, and not how the command is to be used', () => {
  const usage = 'Usage: mkfs.xfs\n/* blocksize */\t\t[-b size=num]\n\t\t\tdevicename'
  const stderr = `size 256 of data subvolume is too small, minimum 4096 blocks\n${usage}`
  expect(explained(stderr).message).toMatch(/failed: size 256 .* minimum 4096 blocks$/)
})
