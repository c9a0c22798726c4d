import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import { commandInside, namedInside, namedOutside } from '../process/namespace.ts'
import { Mounter } from './mounter.ts'
import { mountsWithin } from './mounts.ts'
import { expectNothingLeft, NEEDS, scratch, sh, testVolumes } from './testing/scene.ts'
import { createVolume } from './volume.ts'

async function mounterFor(folder: string): Promise<Mounter> {
  const mounter = await Mounter.start(folder)
  onTestFinished(() => mounter.end())
  return mounter
}

testVolumes(
  `what is mounted in a namespace of its own is seen there, and by nobody else${NEEDS}`,
  async () => {
    const folder = scratch()
    const mounter = await mounterFor(folder)
    const { namespace } = mounter
    await mounter.mount('none', folder, 'tmpfs', 0, '')
    writeFileSync(namedOutside(namespace, join(folder, 'file')), 'x')
    expect(existsSync(join(folder, 'file'))).toBe(false)
    expect(mountsWithin(folder)).toEqual([])
    expect(mountsWithin(folder, namespace)).toHaveLength(1)
    const [file, ...args] = commandInside(namespace, ['ls', folder])
    expect(sh(file, ...args)).toBe('file\n')
    expect(sh('unshare', '--mount', 'ls', folder)).toBe('')
    await mounter.unmount(folder)
    expect(mountsWithin(folder, namespace)).toEqual([])
  },
)

testVolumes(
  `the namespace goes with its thread, and what is mounted there too${NEEDS}`,
  async () => {
    const folder = scratch()
    const mounter = await mounterFor(folder)
    await mounter.mount('none', folder, 'tmpfs', 0, '')
    await mounter.end()
    await vi.waitFor(() => expect(existsSync(mounter.namespace.thread)).toBe(false))
    await expect(mounter.unmount(folder)).rejects.toMatchObject({
      name: 'MachineError',
      message: 'the thread that mounts has ended',
    })
    await mounter.end()
  },
)

testVolumes(
  `a call that fails throws the operating system’s error, and the next one is made${NEEDS}`,
  async () => {
    const folder = scratch()
    const mounter = await mounterFor(folder)
    const calls = [
      mounter.unmount(folder),
      mounter.mount('none', join(folder, 'nowhere'), 'tmpfs', 0, ''),
      mounter.mount('none', folder, 'tmpfs', 0, ''),
    ]
    expect(await Promise.allSettled(calls)).toMatchObject([
      { reason: { code: 'EINVAL' } },
      { reason: { code: 'ENOENT' } },
      { status: 'fulfilled' },
    ])
  },
)

testVolumes(
  `a volume that was mounted before the namespace was made can be undone while that is there${NEEDS}`,
  async () => {
    const stateDirectory = scratch()
    const volume = await createVolume({ fileSystem: 'ext4', stateDirectory })
    const mounter = await mounterFor(scratch())
    expect(mountsWithin(stateDirectory, mounter.namespace)).toEqual([])
    await volume.remove()
    expectNothingLeft(stateDirectory)
  },
)

testVolumes(
  `a volume in which the folder lies stays within reach of the namespace${NEEDS}`,
  async () => {
    const stateDirectory = scratch()
    const volume = await createVolume({ fileSystem: 'ext4', stateDirectory })
    const folder = join(volume.mountPoint, 'folder')
    mkdirSync(folder)
    const mounter = await Mounter.start(folder)
    await mounter.mount('none', folder, 'tmpfs', 0, '')
    await mounter.unmount(folder)
    await mounter.end()
    await volume.remove()
    expectNothingLeft(stateDirectory)
  },
)

testVolumes(`a child started there sees what is mounted while it runs${NEEDS}`, async () => {
  const folder = scratch()
  const mounter = await mounterFor(folder)
  const { namespace } = mounter
  const script = `read go; cat ${folder}/file; read go`
  const [file, ...args] = commandInside(namespace, ['sh', '-c', script])
  const child = spawn(file, args)
  onTestFinished(() => void child.kill('SIGKILL'))
  await mounter.mount('none', folder, 'tmpfs', 0, '')
  writeFileSync(namedOutside(namespace, join(folder, 'file')), 'seen')
  child.stdin.write('go\n')
  const [seen] = await once(child.stdout, 'data')
  expect(String(seen)).toBe('seen')
  const outside = namedOutside(namespace, folder)
  expect(namedInside(namespace, outside)).toBe(folder)
  expect(namedInside(namespace, folder)).toBe(folder)
  expect(namedInside(undefined, outside)).toBe(outside)
})
