import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished } from 'vitest'
import { isAlive, ownerWithPid } from '../process/owner.ts'
import { FILE_SYSTEMS, type FileSystemName } from './file-systems/index.ts'
import { mountsAt } from './mounts.ts'
import { startChild } from './testing/child.ts'
import { expectNothingLeft, NEEDS, pathWith, scratch, sh, testVolumes } from './testing/scene.ts'
import { createVolume } from './volume.ts'

const NAMES = Object.keys(FILE_SYSTEMS) as FileSystemName[]

describe('a volume', () => {
  testVolumes.each(NAMES)(`of %s is real, and gone when removed${NEEDS}`, async (fileSystem) => {
    const stateDirectory = scratch()
    const volume = await createVolume({ fileSystem, stateDirectory })
    const { mountPoint, loopDevice, imagePath, mount } = volume
    expect(statfsSync(mountPoint).type).toBe(FILE_SYSTEMS[fileSystem].magic)
    expect(sh('findmnt', '-no', 'FSTYPE,SOURCE', mountPoint).trim().split(/\s+/)).toEqual([
      fileSystem,
      loopDevice,
    ])
    expect(sh('losetup', '-nO', 'BACK-FILE,AUTOCLEAR', loopDevice).trim().split(/\s+/)).toEqual([
      imagePath,
      '1',
    ])
    expect(mount).toMatchObject({ fsType: fileSystem, source: loopDevice, mountPoint })
    expect(statfsSync(mountPoint).bsize).toBe(4096)
    writeFileSync(join(mountPoint, 'file'), 'content', { flush: true })
    await volume.remove()
    expectNothingLeft(stateDirectory)
    await volume.remove()
    volume.removeSync()
  })

  testVolumes(`can be removed without giving way${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const volume = await createVolume({ fileSystem: 'ext4', stateDirectory })
    volume.removeSync()
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`goes with the block that uses it${NEEDS}`, async () => {
    const stateDirectory = scratch()
    {
      await using volume = await createVolume({ fileSystem: 'ext4', stateDirectory })
      expect(mountsAt(volume.mountPoint)).toHaveLength(1)
    }
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`has the size and the options that were asked for${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const sizeBytes = 64 * 1024 * 1024
    const mountOptions = ['noatime', 'data=journal']
    const asked = { fileSystem: 'ext4', sizeBytes, mountOptions, stateDirectory } as const
    await using volume = await createVolume(asked)
    expect(volume.mount.options).toContain('noatime')
    expect(volume.mount.superOptions).toContain('data=journal')
    const { blocks, bsize } = statfsSync(volume.mountPoint)
    expect(blocks * bsize).toBeLessThan(sizeBytes)
    expect(volume.sizeBytes).toBe(sizeBytes)
  })

  testVolumes(`is one of many, made and removed at once${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const many = `
      const names = ['ext4', 'btrfs', 'ext4', 'xfs']
      const each = names.map((fileSystem) => createVolume({ ...options, fileSystem }))
      const volumes = await Promise.all(each)
      say(volumes.map(({ loopDevice }) => loopDevice))
      await new Promise((resolve) => process.stdin.once('end', resolve).resume())
      await Promise.all(volumes.map((volume) => volume.remove()))`
    const children = [1, 2, 3].map(() => startChild(many, { stateDirectory }))
    const devices = (await Promise.all(children.map(({ says }) => says()))).flat()
    expect(new Set(devices).size).toBe(12)
    for (const { child } of children) child.stdin.end()
    const ends = await Promise.all(children.map(({ child }) => child))
    expect(ends.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(Array(3).fill([0, '']))
    expectNothingLeft(stateDirectory)
  })
})

describe('a volume in use', () => {
  const cdTo = (directory: string, script: string) => {
    const child = spawn('sh', ['-c', `cd ${directory}; echo there; ${script}`])
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    return child
  }

  testVolumes(`is waited for${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const volume = await createVolume({ fileSystem: 'xfs', stateDirectory })
    const user = cdTo(volume.mountPoint, 'read go')
    await once(user.stdout, 'data')
    const removal = volume.remove()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(mountsAt(volume.mountPoint)).toHaveLength(1)
    user.stdin.end()
    await removal
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`is told by who uses it, and goes with them${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const volume = await createVolume({ fileSystem: 'ext4', stateDirectory })
    const user = cdTo(volume.mountPoint, 'exec sleep 600')
    await once(user.stdout, 'data')
    await expect(volume.remove()).rejects.toMatchObject({
      name: 'MachineError',
      code: 'BROKEN',
      message: expect.stringContaining(`; process ${user.pid} (sleep) holds it`),
    })
    user.kill('SIGKILL')
    await once(user, 'exit')
    await volume.remove()
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`is gone although somebody has a copy of its mount${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const volume = await createVolume({ fileSystem: 'ext4', stateDirectory })
    const user = spawn('unshare', ['--mount', 'sh', '-c', 'echo there; exec sleep 600'])
    onTestFinished(() => {
      user.kill('SIGKILL')
    })
    await once(user.stdout, 'data')
    await volume.remove()
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`is told by who is in a copy of its mount${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const volume = await createVolume({ fileSystem: 'ext4', stateDirectory })
    const script = `cd ${volume.mountPoint}; echo there; exec sleep 600`
    const user = spawn('unshare', ['--mount', 'sh', '-c', script])
    onTestFinished(() => {
      user.kill('SIGKILL')
    })
    await once(user.stdout, 'data')
    await expect(volume.remove()).rejects.toMatchObject({
      message: expect.stringContaining(`; process ${user.pid} (sleep) holds it`),
    })
    user.kill('SIGKILL')
    await once(user, 'exit')
    await volume.remove()
    expectNothingLeft(stateDirectory)
  })
})

describe('nothing is left when', () => {
  testVolumes(`mkfs fails${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const asked = { fileSystem: 'xfs', sizeBytes: 1024 * 1024, stateDirectory } as const
    await expect(createVolume(asked)).rejects.toMatchObject({
      name: 'MachineError',
      code: 'BROKEN',
      message: expect.stringMatching(/^making xfs failed: .*too small/),
    })
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`the mount fails${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const asked = { fileSystem: 'ext4', mountOptions: ['nonsense=1'], stateDirectory } as const
    await expect(createVolume(asked)).rejects.toMatchObject({
      code: 'BROKEN',
      message: expect.stringMatching(/^mounting ext4 failed: mount: .*bad option/),
      remedy: expect.stringContaining('nonsense=1'),
    })
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`what is mounted is not what was asked for${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const path = pathWith({
      'mkfs.xfs': 'for image; do :; done; exec mkfs.ext4 -q -F "$image"',
      mount: 'shift 2; exec /bin/mount "$@"',
    })
    await expect(createVolume({ fileSystem: 'xfs', stateDirectory, path })).rejects.toMatchObject({
      code: 'BROKEN',
      message: expect.stringMatching(/should be xfs .* statfs says 0xef53, the kernel lists ext4/),
    })
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`another image was mounted${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const other = join(scratch(), 'other')
    const path = pathWith({ mount: `cp "$5" ${other}; exec /bin/mount -o loop ${other} "$6"` })
    await expect(createVolume({ fileSystem: 'ext4', stateDirectory, path })).rejects.toMatchObject({
      message: expect.stringMatching(/lists ext4 on .dev.loop.*, and the image is on no device/),
    })
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`the mount point goes away${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const path = pathWith({ mount: 'rmdir "$6"' })
    await expect(createVolume({ fileSystem: 'ext4', stateDirectory, path })).rejects.toMatchObject({
      name: 'MachineError',
      code: 'BROKEN',
      message: expect.stringMatching(/ENOENT/),
    })
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`nothing was mounted at all${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const path = pathWith({ mount: 'exit 0' })
    await expect(createVolume({ fileSystem: 'ext4', stateDirectory, path })).rejects.toMatchObject({
      message: expect.stringMatching(/the kernel lists no mount, and the image is on no device/),
    })
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`the disk is full${NEEDS}`, async () => {
    const stateDirectory = scratch()
    sh('mount', '-t', 'tmpfs', '-o', 'mode=700,size=1m', 'none', stateDirectory)
    await expect(createVolume({ fileSystem: 'ext4', stateDirectory })).rejects.toMatchObject({
      name: 'MachineError',
      code: 'BROKEN',
      message: expect.stringMatching(/the disk is full, with 1 MiB left/),
      remedy: expect.stringMatching(/Free some space/),
    })
    sh('umount', stateDirectory)
    expectNothingLeft(stateDirectory)
  })

  testVolumes.each(NAMES)(`the disk fills up during mkfs of %s${NEEDS}`, async (fileSystem) => {
    const stateDirectory = scratch()
    sh('mount', '-t', 'tmpfs', '-o', 'mode=700,size=65m', 'none', stateDirectory)
    const mkfs = `mkfs.${fileSystem}`
    const fill = `cat /dev/zero > ${stateDirectory}/fill 2> /dev/null; exec /sbin/${mkfs} "$@"`
    const path = pathWith({ [mkfs]: fill })
    await expect(createVolume({ fileSystem, stateDirectory, path })).rejects.toMatchObject({
      name: 'MachineError',
      code: 'BROKEN',
      message: expect.stringMatching(/^making .* failed, for the disk is full: /),
      remedy: expect.stringMatching(/Free some space/),
    })
    expect(readdirSync(stateDirectory)).toEqual(['fill'])
    sh('umount', stateDirectory)
    expectNothingLeft(stateDirectory)
  })

  const SLOW = {
    'mkfs.ext4': 'echo $$ > "$(dirname "$0")/pid"; exec sleep 600',
    mount: '/bin/mount "$@"; echo $$ > "$(dirname "$0")/pid"; exec sleep 600',
  }

  testVolumes.each(['mkfs.ext4', 'mount'] as const)(
    `it is stopped while %s is at work${NEEDS}`,
    async (command) => {
      const stateDirectory = scratch()
      const path = pathWith({ [command]: SLOW[command] })
      const controller = new AbortController()
      const { signal } = controller
      const creation = createVolume({ fileSystem: 'ext4', stateDirectory, path, signal })
      const caught = creation.catch((error: unknown) => error)
      const pidFile = join(path.split(':')[0] ?? '', 'pid')
      while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '') {
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      const owner = ownerWithPid(Number(readFileSync(pidFile, 'utf8')))
      expect(isAlive(owner)).toBe(true)
      const reason = new Error('enough')
      controller.abort(reason)
      expect(await caught).toBe(reason)
      expect(isAlive(owner)).toBe(false)
      expectNothingLeft(stateDirectory)
    },
  )

  testVolumes(`it was stopped before it began${NEEDS}`, async () => {
    const stateDirectory = join(scratch(), 'none')
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    const creation = createVolume({ fileSystem: 'ext4', stateDirectory, signal })
    await expect(creation).rejects.toBe(reason)
    expect(existsSync(stateDirectory)).toBe(false)
  })
})

describe('a mount that finds no loop device', () => {
  const SHORTAGE = 'failed to setup loop device for /i.'
  const failing = (times: number, complaint = SHORTAGE) => `
    echo x >> "$(dirname "$0")/tries"
    if [ $(wc -l < "$(dirname "$0")/tries") -gt ${times} ]; then exec /bin/mount "$@"; fi
    echo "mount: /m: ${complaint}" >&2
    exit 32`
  const triesOf = (path: string) =>
    readFileSync(join(path.split(':')[0] ?? '', 'tries'), 'utf8').length / 2

  testVolumes(`is tried again${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const path = pathWith({ mount: failing(2) })
    const volume = await createVolume({ fileSystem: 'ext4', stateDirectory, path })
    expect(triesOf(path)).toBe(3)
    await volume.remove()
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`is the only one that is tried again${NEEDS}`, async () => {
    const path = pathWith({
      mount: failing(1000, 'mount(2) system call failed: Input/output error.'),
    })
    const creation = createVolume({ fileSystem: 'ext4', stateDirectory: scratch(), path })
    await expect(creation).rejects.toMatchObject({ code: 'BROKEN' })
    expect(triesOf(path)).toBe(1)
  })

  testVolumes(`is given up, with a way out${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const path = pathWith({ mount: failing(1000) })
    await expect(createVolume({ fileSystem: 'ext4', stateDirectory, path })).rejects.toMatchObject({
      code: 'MISSING',
      message: expect.stringMatching(/no loop device is to be had/),
      remedy: expect.stringMatching(/losetup -a/),
    })
    expect(triesOf(path)).toBe(5)
    expectNothingLeft(stateDirectory)
  })
})

describe('what is missing is told before anything is made', () => {
  const CATCH = `await createVolume({ ...options, fileSystem: 'ext4' }).catch(
    ({ name, code, message, remedy }) => say({ name, code, message, remedy }))`

  testVolumes(`as mkfs${NEEDS}`, async () => {
    const stateDirectory = join(scratch(), 'none')
    const path = '/no/such/place'
    await expect(createVolume({ fileSystem: 'xfs', stateDirectory, path })).rejects.toMatchObject({
      name: 'MachineError',
      code: 'MISSING',
      message: expect.stringContaining('mkfs.xfs'),
      remedy: expect.stringContaining('`apt-get install xfsprogs`'),
    })
    expect(existsSync(stateDirectory)).toBe(false)
  })

  testVolumes.each([
    ['root', ['setpriv', '--reuid', '65534', '--clear-groups'], 'needs root, to mount', 'sudo'],
    [
      'the right to mount',
      ['setpriv', '--bounding-set', '-sys_admin', '--inh-caps', '-sys_admin'],
      'needs the right to mount',
      '--privileged',
    ],
    [
      'loop devices',
      ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /dev; exec "$@"', 'sh'],
      'needs loop devices',
      'modprobe loop',
    ],
  ])(`as %s${NEEDS}`, async (_, prefix, message, remedy) => {
    const stateDirectory = join(scratch(), 'none')
    const { says } = startChild(CATCH, { stateDirectory }, prefix)
    expect(await says()).toEqual({
      name: 'MachineError',
      code: 'MISSING',
      message: expect.stringContaining(message),
      remedy: expect.stringContaining(remedy),
    })
    expect(existsSync(stateDirectory)).toBe(false)
  })
})
