import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ownerFileOf } from '../owned/owned-folder.ts'
import { ownerOfThisProcess } from '../process/owner.ts'
import { findLeftovers, type Leftover, removeLeftover, surveyState } from './leftovers.ts'
import { mountsAt, mountsWithin } from './mounts.ts'
import { startChild } from './testing/child.ts'
import { expectNothingLeft, NEEDS, pathWith, scratch, sh, testVolumes } from './testing/scene.ts'
import { createVolume } from './volume.ts'
import { imageOf, makeVolumeFolder, mountPointOf } from './volume-folder.ts'

const DEAD = { ...ownerOfThisProcess(), startTicks: 0 }
const KIB = 1024

/** A volume whose process was killed by SIGKILL. */
async function leave(stateDirectory: string, fileSystem = 'ext4') {
  const code = `
    const { mountPoint, loopDevice } = await createVolume(options)
    say({ mountPoint, loopDevice })
    await wait()`
  const { child, says } = startChild(code, { stateDirectory, fileSystem })
  const volume = (await says()) as { mountPoint: string; loopDevice: string }
  expect(await findLeftovers(stateDirectory)).toEqual([])
  child.kill('SIGKILL')
  await child
  return { ...volume, pid: child.pid }
}

/** A folder as a volume's, with that said in its `owner.json`; never mounted. */
function folderOf(stateDirectory: string, said: object = { owner: DEAD }): string {
  const folder = makeVolumeFolder(stateDirectory, 'ext4', KIB)
  const title = JSON.parse(readFileSync(ownerFileOf(folder), 'utf8'))
  writeFileSync(ownerFileOf(folder), JSON.stringify({ ...title, ...said }))
  return folder
}

async function onlyLeftover(stateDirectory: string): Promise<Leftover> {
  const { leftovers, foreign } = surveyState(stateDirectory)
  expect(foreign).toEqual([])
  expect(leftovers).toHaveLength(1)
  return leftovers[0] as Leftover
}

describe('what SIGKILL leaves', () => {
  testVolumes.each(['ext4', 'xfs', 'btrfs'])(`of %s is found and undone${NEEDS}`, async (name) => {
    const stateDirectory = scratch()
    const { mountPoint, loopDevice, pid } = await leave(stateDirectory, name)
    const leftover = await onlyLeftover(stateDirectory)
    expect(leftover).toMatchObject({ mountPoint, loopDevices: [loopDevice], owner: { pid } })
    expect(leftover.imagePath).toBe(imageOf(leftover.directory))
    expect(leftover.ageMs).toBeGreaterThan(0)
    await removeLeftover(leftover)
    expectNothingLeft(stateDirectory)
    await removeLeftover(leftover)
    expect(await findLeftovers(stateDirectory)).toEqual([])
  })

  testVolumes(`is undone when its image was deleted${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const { mountPoint, loopDevice } = await leave(stateDirectory)
    unlinkSync(imageOf(join(mountPoint, '..')))
    const leftover = await onlyLeftover(stateDirectory)
    expect(leftover).toMatchObject({ mountPoint, loopDevices: [loopDevice] })
    await removeLeftover(leftover)
    expectNothingLeft(stateDirectory)
    expect(sh('losetup', '-nO', 'NAME,BACK-FILE')).not.toContain(stateDirectory)
  })

  testVolumes(`is undone when more was mounted in and over it${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const { mountPoint } = await leave(stateDirectory)
    mkdirSync(join(mountPoint, 'sub'))
    sh('mount', '-t', 'tmpfs', 'none', join(mountPoint, 'sub'))
    sh('mount', '-t', 'tmpfs', 'none', mountPoint)
    sh('mount', '-t', 'tmpfs', 'none', mountPoint)
    expect(mountsWithin(mountPoint)).toHaveLength(4)
    await removeLeftover(await onlyLeftover(stateDirectory))
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`is named with those who still use it, and undone after them${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const { mountPoint } = await leave(stateDirectory)
    const user = spawn('sleep', ['600'], { cwd: mountPoint })
    onTestFinished(() => {
      user.kill('SIGKILL')
    })
    await once(user, 'spawn')
    await expect(removeLeftover(await onlyLeftover(stateDirectory))).rejects.toMatchObject({
      code: 'BROKEN',
      message: expect.stringContaining(`process ${user.pid} (sleep)`),
    })
    const leftover = await onlyLeftover(stateDirectory)
    expect(leftover).toMatchObject({ mountPoint: null, loopDevices: [expect.any(String)] })
    user.kill('SIGKILL')
    await once(user, 'exit')
    await removeLeftover(leftover)
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`is undone while its mount is still at work${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const path = pathWith({
      mount: `
        device=$(losetup --find --show "$5")
        exec 3< "$device"
        echo > "$0.began"
        sleep 0.5
        exec /bin/mount "$device" "$6"`,
    })
    const began = join(path.split(':')[0] ?? '', 'mount.began')
    const code = `
      createVolume(options)
      await appearance(${JSON.stringify(began)})
      say('began')`
    const { child, says } = startChild(code, { stateDirectory, path, fileSystem: 'ext4' })
    await says()
    child.kill('SIGKILL')
    await child
    await removeLeftover(await onlyLeftover(stateDirectory))
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`is undone when only a loop device is left${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const folder = folderOf(stateDirectory)
    const device = sh('losetup', '--find', '--show', imageOf(folder)).trim()
    const leftover = await onlyLeftover(stateDirectory)
    expect(leftover).toMatchObject({ mountPoint: null, loopDevices: [device] })
    await removeLeftover(leftover)
    expectNothingLeft(stateDirectory)
  })
})

const onLinux = test.skipIf(process.platform !== 'linux')

describe('a folder is a leftover', () => {
  onLinux('when nothing of it is mounted', async () => {
    const stateDirectory = scratch()
    folderOf(stateDirectory)
    const leftover = await onlyLeftover(stateDirectory)
    expect(leftover).toMatchObject({ mountPoint: null, loopDevices: [], owner: DEAD })
    await removeLeftover(leftover)
    expectNothingLeft(stateDirectory)
  })

  onLinux('when it is of another boot, whoever has the number now', async () => {
    const stateDirectory = scratch()
    folderOf(stateDirectory, { owner: { ...ownerOfThisProcess(), bootId: 'another' } })
    await removeLeftover(await onlyLeftover(stateDirectory))
    expectNothingLeft(stateDirectory)
  })

  onLinux('when it was half removed', async () => {
    const stateDirectory = scratch()
    const folder = folderOf(stateDirectory)
    unlinkSync(imageOf(folder))
    rmdirSync(mountPointOf(folder))
    await removeLeftover(await onlyLeftover(stateDirectory))
    expectNothingLeft(stateDirectory)
  })

  onLinux.each([
    ['empty', []],
    ['hardly begun', ['owner.json']],
    ['without a word of its owner', ['image', 'mnt']],
  ])('when it is %s and old', async (_, names) => {
    const stateDirectory = scratch()
    mkdirSync(join(stateDirectory, 'ext4-half'))
    for (const name of names) writeFileSync(join(stateDirectory, 'ext4-half', name), '')
    utimesSync(join(stateDirectory, 'ext4-half'), 1e9, 1e9)
    const leftover = await onlyLeftover(stateDirectory)
    expect(leftover.owner).toBeNull()
    await removeLeftover(leftover)
    expectNothingLeft(stateDirectory)
  })
})

describe('never touched is', () => {
  const untouched = async (directory: string, reason: RegExp) => {
    const forged = { directory } as Leftover
    await expect(removeLeftover(forged)).rejects.toMatchObject({
      name: 'MachineError',
      message: expect.stringMatching(reason),
    })
    expect(existsSync(directory)).toBe(true)
  }

  testVolumes(`a living process's volume${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const volume = await createVolume({ fileSystem: 'ext4', stateDirectory })
    expect(surveyState(stateDirectory)).toEqual({ leftovers: [], foreign: [] })
    await untouched(join(volume.mountPoint, '..'), /the process that made it lives/)
    expect(mountsAt(volume.mountPoint)).toHaveLength(1)
    await volume.remove()
    expectNothingLeft(stateDirectory)
  })

  onLinux.each<[string, (path: string) => void]>([
    ['a folder without owner.json', (path) => writeFileSync(join(path, 'precious'), '')],
    [
      'a folder with an owner.json of others',
      (path) => writeFileSync(ownerFileOf(path), JSON.stringify({ owner: DEAD, createdAtMs: 1 })),
    ],
    ['a folder made a moment ago', () => {}],
    [
      'a folder of a moment ago with half an owner.json',
      (path) => writeFileSync(ownerFileOf(path), '{"form'),
    ],
  ])('%s', async (what, fill) => {
    const stateDirectory = scratch()
    const directory = join(stateDirectory, 'other')
    mkdirSync(directory)
    fill(directory)
    if (!what.includes('moment')) utimesSync(directory, 1e9, 1e9)
    expect(surveyState(stateDirectory)).toEqual({
      leftovers: [],
      foreign: [{ directory, reason: expect.stringMatching(/owner\.json/) }],
    })
    await untouched(directory, /owner\.json/)
  })

  onLinux('a file, a link, and a folder that others can write to', async () => {
    const stateDirectory = scratch()
    const elsewhere = folderOf(scratch())
    const open = folderOf(stateDirectory)
    chmodSync(open, 0o777)
    symlinkSync(elsewhere, join(stateDirectory, 'link'))
    writeFileSync(join(stateDirectory, 'file'), '')
    const { leftovers, foreign } = surveyState(stateDirectory)
    expect(leftovers).toEqual([])
    expect(Object.fromEntries(foreign.map((each) => [each.directory, each.reason]))).toEqual({
      [open]: 'others can write to it',
      [join(stateDirectory, 'file')]: 'it is not a directory',
      [join(stateDirectory, 'link')]: 'it is not a directory',
    })
    for (const { directory, reason } of foreign) await untouched(directory, new RegExp(reason))
  })

  onLinux('anything in a state directory that others can write to', () => {
    const stateDirectory = scratch()
    folderOf(stateDirectory)
    chmodSync(stateDirectory, 0o777)
    expect(surveyState(stateDirectory)).toEqual({
      leftovers: [],
      foreign: [{ directory: stateDirectory, reason: 'others can write to it' }],
    })
  })

  onLinux('a leftover that is not named by its canonical path', async () => {
    const stateDirectory = scratch()
    const folder = folderOf(stateDirectory)
    const link = join(scratch(), 'link')
    symlinkSync(stateDirectory, link)
    await untouched(join(link, basename(folder)), /it is not a directory|a link leads to it/)
    const deeper = join(scratch(), 'deeper')
    symlinkSync(join(stateDirectory, '..'), deeper)
    await untouched(join(deeper, basename(stateDirectory), basename(folder)), /a link leads to it/)
    expect(existsSync(imageOf(folder))).toBe(true)
  })

  onLinux('a leftover in a directory that others can write to', async () => {
    const stateDirectory = scratch()
    const folder = folderOf(stateDirectory)
    chmodSync(stateDirectory, 0o777)
    await untouched(folder, /others can write to it/)
  })

  onLinux('what a link in a leftover points to', async () => {
    const stateDirectory = scratch()
    const precious = join(scratch(), 'precious')
    mkdirSync(precious)
    writeFileSync(join(precious, 'file'), '')
    const folder = folderOf(stateDirectory)
    rmSync(mountPointOf(folder), { recursive: true })
    symlinkSync(precious, mountPointOf(folder))
    await removeLeftover(await onlyLeftover(stateDirectory))
    expectNothingLeft(stateDirectory)
    expect(existsSync(join(precious, 'file'))).toBe(true)
  })

  testVolumes(`what somebody mounted beside a leftover's own mount${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const precious = join(scratch(), 'precious')
    mkdirSync(precious)
    writeFileSync(join(precious, 'file'), '')
    const folder = folderOf(stateDirectory)
    mkdirSync(join(folder, 'other'))
    sh('mount', '--bind', precious, join(folder, 'other'))
    const leftover = await onlyLeftover(stateDirectory)
    await expect(removeLeftover(leftover)).rejects.toThrow(`${basename(folder)}/other is mounted`)
    expect(existsSync(join(precious, 'file'))).toBe(true)
    sh('umount', join(folder, 'other'))
    await removeLeftover(leftover)
    expectNothingLeft(stateDirectory)
  })
})

onLinux('a state directory that is not there has no leftovers', async () => {
  expect(await findLeftovers(join(scratch(), 'none'))).toEqual([])
})
